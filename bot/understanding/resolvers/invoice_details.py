"""What an invoice is made out to: the title (抬头), the tax number (税号), and the mail address it is sent to."""

import re
from dataclasses import dataclass

from bot.understanding.normal_form import normal_form

PERSON = "个人"
SPECIAL, ORDINARY = "专票", "普票"
"""增值税专用发票, by which a company gets tax back, and every other."""
# 15, 17, 18 or 20 digits and capitals. Source: GB 32100-2015 (18), and the older numbers still in use
_NUMBER = re.compile("(?<![0-9a-z])(?=[0-9a-z]{0,10}[0-9]{6})[0-9a-z]{15}(?:[0-9a-z]{2,3}|[0-9a-z]{5})?(?![0-9a-z])")
_SAID_NUMBER = re.compile("(?:纳税人识别号|纳税识别号|统一社会信用代码|信用代码|税务登记号|税号)[是为:：\\s]*(?P<number>[0-9a-z]+)")
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_ORGANISATION = (
    "(?!我们?|咱们?|你们|他们|这家|那家|[在去来到从取找看查哪离不没].{0,8}(?:店|校|学|院|行|心|局|部|厂)(?![一-鿿]))[一-鿿a-z0-9()（）·&]{2,40}?(?:有限责任公司|股份有限公司|有限公司|集团公司|合伙企业|事务所|研究[院所]|工作室|委员会|个体工商户|公司|集团|学校"
    "|大学|中学|小学|学院|医院|银行|协会|厂|店|中心|局|部)(?![一-鿿])"
)
_TITLE = re.compile(
    f"(?:发票)?(?:抬头|单位名称|公司名称|单位|名称)(?:是|为|写|开|填|用|改成|改为|就|就写|叫|[:：\\s])*(?P<title>{_ORGANISATION})"
)
_NAMED = re.compile(  # whatever name is said to be the title; only a word of asking is none
    "抬头(?:是|为|写成?|开成?|填|用|叫|改成|改为|换成|[:：\\s])+(?P<title>(?!.*(?:什么|哪|怎么|上次|之前|刚才|[吗呢?？]))[^,，。;；:：\\n]{2,40}?)"
    "(?=(?:就行|就好|吧|谢谢)*\\s*(?:[,，。;；\\n]|税号|$))"
)
_NO_TITLE = frozenset({"公司", "单位", "企业", "一下", "发票", "学校", "我的"})
_COMPANY = re.compile(
    "(?:^|[\\s,，。;；:：])(?:请|麻烦|帮我|发票|还是|那就|那|就|算了|不对|不是|错了|应该|[,， ])*"
    f"(?:开给|开成|开到|改开|开|写成|写|改成|改为|换成|换|改|用|是)?(?P<title>{_ORGANISATION})"
)
_PERSONAL = re.compile(
    "个人抬头|抬头[^,，。;；]{0,4}个人|个人的?(?:发票|就行|就可以|吧)|开(?:给)?个人|(?:改|换|写|弄)(?:成|为)?个人"
    "|^(?:算了|还是|那就|那|就|[,， ])*个人(?:的|吧|就好|好了)?\\s*$"
)
_SPECIAL = re.compile("专票|增值税专用|专用发票")
_ORDINARY = re.compile("普票|普通发票|不[要用开](?:开|要)?专票")


@dataclass(frozen=True, slots=True)
class InvoiceDetails:
    """What was said of an invoice; None for what was not.

    Attributes:
        title: 个人, or the name of an organisation as it was written.
        tax_number: Capitals and digits.
        kind: SPECIAL or ORDINARY, where one of them was asked for.
    """

    title: str | None = None
    tax_number: str | None = None
    email: str | None = None
    kind: str | None = None

    def to_args(self) -> dict[str, str]:
        """What was said, by name."""
        said = {"title": self.title, "tax_number": self.tax_number, "email": self.email, "kind": self.kind}
        return {name: value for name, value in said.items() if value}


def read_invoice_details(text: str) -> InvoiceDetails:
    """Read what a message says of an invoice.

    Args:
        text: As the diner wrote it; the title is told as it stands there.
    """
    form = normal_form(text)
    spelled = form.text
    email = _EMAIL.search(spelled)
    rest = spelled if email is None else spelled[: email.start()] + " " * len(email[0]) + spelled[email.end() :]
    said = _SAID_NUMBER.search(rest)
    number = said["number"] if said else None
    bare = _NUMBER.search(rest)
    if bare is not None:
        number = bare[0]
    title = PERSON if _PERSONAL.search(rest) else None
    match = _TITLE.search(rest) or _COMPANY.search(rest) or _NAMED.search(rest)
    if title is None and match is not None and match["title"].strip() not in _NO_TITLE:
        start, end = form.span(*match.span("title"))
        title = text[start:end].strip()
    kind = ORDINARY if _ORDINARY.search(rest) else SPECIAL if _SPECIAL.search(rest) else None
    return InvoiceDetails(title, number.upper() if number else None, email[0] if email else None, kind)
