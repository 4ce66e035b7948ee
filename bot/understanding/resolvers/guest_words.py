"""The words by which diners count themselves: nouns for people, what stands before and behind a count, and what is no count of guests."""

import re

from bot.understanding.resolvers.quantities import UNITS

_DIGITS = "一二两三四五六七八九十百零〇壹贰叁肆伍陆柒捌玖拾廿卅"
NUMERAL = f"(?:(?<![0-9.])(?<![0-9]:)[0-9]{{1,3}}(?![0-9.]*[0-9])|(?<![{_DIGITS}])[{_DIGITS}]{{1,6}}|[俩仨]|好?几十|上百)"
# 六七个, 6-8个, 6到8个; with 来, 多, 几: 十来个, 10多个, 十几个
_COUNT = rf"(?:(?P<low>{NUMERAL})\s?(?P<to>[-~—到至、,或]|或者)\s?)?(?P<n>{NUMERAL})(?P<more>[来几多余])?"

_KID = (
    "小朋友|小孩儿?子?|小娃娃?|小宝宝?|小家伙"
    "|孩子|儿童|娃娃|娃儿?|宝宝|宝贝|婴儿|[ ]?kids?|[ ]?child(?:ren)?|儿子|女儿|闺女|孙子|孙女|外孙女?|崽崽?|baby|bb"
)
_ADULT = "大人|成年人|成人|老人家?|长辈|孕妇|家长|[ ]?adults?"
# Said of others as well (两个朋友推荐的): they count beside other guests, or where somebody comes to eat.
_OTHERS = (
    "男朋友|女朋友|好?朋友|同学|同事|客人|客户|顾客|闺蜜|兄弟|姐妹|哥们儿?|室友|亲戚|(?<=[个位名])家人|领导|老师|学生|伙伴"
    "|男生|女生|男士|女士|男的|女的|男孩|女孩|男|女|老外"
)
# 儿童椅, 宝宝餐 and 男装 are things.
_NO_PERSON = "(?!的?(?:椅|餐|座椅|碗|套|票|份|勺|筷|床|区|乐园|节|生日|装|鞋|厕))"
_AGED = "(?:[0-9一二两三四五六七八九十半]+(?:个月|周岁|岁)[多半]?大?的?|小(?!朋友)|年轻)?"
_LEFT_OUT = "(?<=[加多少添带来了着减上])"  # 加个人, 带个娃

# Close relations need no number: 我和老婆 are two. The last ones may be more than one.
RELATIONS: dict[str, tuple[int, int, bool]] = {
    word: (n, kids, loose)
    for words, n, kids, loose in (
        (
            "老婆 老公 爱人 媳妇儿 媳妇 对象 男朋友 女朋友 男友 女友 男票 女票 先生 太太 妻子 丈夫 老妈 老爸 妈妈 妈 爸爸 爸 母亲 父亲",
            1,
            0,
            False,
        ),
        ("哥哥 哥 弟弟 弟 姐姐 姐 妹妹 妹 奶奶 爷爷 外婆 外公 姥姥 姥爷 公公 婆婆 岳母 岳父 丈母娘 老丈人 闺蜜 室友", 1, 0, False),
        ("嫂子 姐夫 妹夫 弟媳 弟妹 姑姑 姑妈 姑父 姨妈 小姨 姨父 舅舅 舅妈 叔叔 婶婶 伯伯 大伯 堂哥 表哥 表弟 表姐 表妹", 1, 0, False),
        ("爸妈 父母 爸爸妈妈 爷爷奶奶 外公外婆 姥姥姥爷 公婆 公公婆婆 岳父岳母", 2, 0, False),
        ("儿子 女儿 闺女 孙子 孙女 宝宝 孩子 小孩 娃儿 娃", 1, 1, False),
        ("朋友 同事 同学 兄弟 哥们 客户 领导 亲戚 家人", 1, 0, True),
    )
    for word in words.split()
}
RELATION = re.compile(f"(?:{'|'.join(sorted(RELATIONS, key=len, reverse=True))})(?!们)")
_JOINS = "(?:和|跟|与|同|带着?了?上?|领着?|抱着|约了?|叫上|陪着?|还有|以及|、|,|加上?)"
_ME = "(?:我|俺)(?:自己|本人)?"
_MINE = "(?:我|俺|咱)?(?:们?家)?的?"
_SOME_OF_THEM = f"{re.sub('P<[a-z]+>', ':', _COUNT)}[个位名]?{_AGED}(?:{_KID}|{_ADULT}|{_OTHERS})"
_RELATIONS = f"{_MINE}{RELATION.pattern}(?:{_JOINS}?{_MINE}{RELATION.pattern})*"
_FEW_RELATIONS = f"{_MINE}{RELATION.pattern}(?:{_JOINS}?{_MINE}{RELATION.pattern}){{0,5}}"
_CIRCLE = (
    f"(?:我|俺)(?:自己)?{_JOINS}(?:{_RELATIONS}|(?=个?(?:{_KID})|{_SOME_OF_THEM}))"
    f"|(?P<and_me>{_FEW_RELATIONS}{_JOINS}{_ME}(?:{_JOINS}{_FEW_RELATIONS})?(?![们家的说讲推]))|{RELATION.pattern}带着?了?(?={_SOME_OF_THEM})"
)

# A count with only 个 is one of people if the sentence goes on so: 咱们四个都吃辣, but not 我们两个包间.
_GOES_ON = (
    r"(?=\s*(?:$|[\s,，。.!！?？、;；~()（）…\x00+]|[吧啊呢哦呀了哈嘛喔的都也吃喝要想明今坐去不没晚早周下订预带还能改就在]|来(?!份|点)|一起|一块儿?"
    r"|后天|过来|大概|左右|上下|中午|可以|点[菜了]|其中|[0-9]+[点:：月]|[一二两三四五六七八九十]+点))"
)
GOES_ON = re.compile(_GOES_ON)
_IN_ALL = "一共|总共|统共|拢共|合计|加起来"
_WITH_ME = f"(?:加上?|连[上同着]?|算上|包括|带上?){_ME}(?!们|一个)"  # 加我一共七个; 加我一个 is a change
_WE = f"(?:我们(?:这边?|家|一行人?)?|咱们?|俺们?|大人小孩|连大带小|男女老少|大家|一行人?|{_WITH_ME})"
_TOLD = f"(?:就|只|{_IN_ALL}|共|有|是|大概|大约|差不多|可能|应该|也就|才|今天|今晚|明天|明晚)*"
_PAIR = "(?:夫妻|夫妇|情侣|母子|母女|父子|父女|祖孙|爷孙|姐妹|姊妹|兄弟|姐弟|兄妹|婆媳|闺蜜|[哥姐]们?|[哥姐娘爷]儿|[娘爷]|妯娌)"

# What is no person: 人均, 人份, 两人餐, 三人同行一人免单, 人参 (but 6人参加).
_NO_GUEST = (
    "(?!人|[民气均份影次锅员物类工造士性格转]|间格|的?(?:套餐|餐(?![桌位厅馆])|小?份|团(?!建)|火锅|量|海鲜)|同行|成团|起[订拼团]|拼[团单]"
    "|行(?![吗不么吧的])|生(?!日)|参(?![加与])|为|世界|家[里的])"
)
# table for 4, for 2 tonight; but for 2 hours
_ENGLISH_UNIT = "(?:hours?|hrs?|h|min(?:ute)?s?|days?|nights?|weeks?|people|persons?|ppl|pax|guests?|adults?|kids?|child(?:ren)?)(?![a-z])"
_ENGLISH_GOES_ON = (
    "(?:at|on|in|by|around|to(?:day|night|morrow)|this|next|please|pls"
    "|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|[0-9]{1,2}(?::|[ap]m))(?![a-z])"
)
COUNTED = re.compile(
    rf"""(?P<circle>{_CIRCLE})
    |(?:一家|全家)(?:老小)?(?P<family>{NUMERAL})口(?:人|子)?
    |(?:(?:我们|咱们?|俺们?)家?|家里|{_IN_ALL})(?:{_IN_ALL}|共|[有是])*(?P<our_family>{NUMERAL})口(?:人|子|{_GOES_ON}|(?=[加和带跟]))
    |(?P<of_family>(?!一口){NUMERAL})口(?:之家|人|子)|[小老]?(?P<couple>两口)子|[小老](?P<couple_alone>两口)(?!子)
    |{_PAIR}(?P<pair>{NUMERAL})(?:[个位](?!{_OTHERS})|人)?
    |(?P<plus>{NUMERAL})\s?\+\s?(?P<added>{NUMERAL})(?:个人|[人位]){_NO_GUEST}
    |(?P<big>{NUMERAL})[ ]?个?[ ]?[大老](?:人|的)?[\s,，、+和带加跟]*
      (?P<small>{NUMERAL})[ ]?个?[ ]?[小婴娃](?:孩|朋友|的|儿)?(?![份碗杯盘瓶锅桌号])
    |(?P<small_first>{NUMERAL})个?小[\s,，、+和带加跟]*(?P<big_last>{NUMERAL})个?大(?![份碗杯盘瓶锅桌号])
    |(?P<named>(?P<kid_named>{_KID})|(?P<adult_named>{_ADULT}))[\s:：是有]{{0,2}}(?P<of_named>{NUMERAL})
      (?:[个位名](?!人|大人|(?:{_KID})(?!\s?[是有]?\s?{NUMERAL}))|(?![0-9个位名岁月点号天桌份口共起样直定家人]|周岁))
    |(?:(?:人数[^0-9,，。\x00增加减少多]{{0,8}}?(?:[是为成]|[:：]|\s)?
        |(?:table|party|group|seats?|booking|reservation)[ ](?:for|of)[ ](?!{NUMERAL}[ ]?{_ENGLISH_UNIT})
        |(?<![a-z])for[ ](?={NUMERAL}\s?(?:$|[,，。.!！?？;；]|{_ENGLISH_GOES_ON})))
        (?P<told>{NUMERAL})[个位人]?(?=\s*(?:$|[\s,，。.!！?？;；吧]))
      |{_WE}{_TOLD}(?P<we>{_COUNT.replace("?P<", "?P<we_")})(?:个(?!人)|(?<=[俩仨])){_GOES_ON}
      |(?:就|只有|只)?(?<![给算加叫帮让替送发留借问])(?:我|俺)(?:自己)?(?P<alone>一)个(?!人){_GOES_ON}
      |我(?P<we_two>[俩仨]){_GOES_ON})
    |(?<=[带抱领])着?(?P<kid_unsaid>{_KID}){_NO_PERSON}(?!{NUMERAL}[个位口])
    |(?:{_COUNT}|{_LEFT_OUT}(?=[个位]))
      (?:(?:[个位名](?P<are>[都就]?是)?)?{_AGED}(?:(?P<kid>{_KID})|(?P<adult>{_ADULT})|(?P<other>{_OTHERS})){_NO_PERSON}
        |(?P<person>个人|人|[ ]?(?:people|persons?|ppl|pax|guests?)(?![a-z])|号人(?![多少满均])
          |[位名](?![置数次字单额]|服务|厨师|经理|店员)){_NO_GUEST})""",
    re.VERBOSE,
)
TABLES = re.compile(
    rf"(?P<half>半)桌(?:人|客人)?(?![0-9菜])|(?P<tables>{NUMERAL})(?P<more>[来几多余])?[大小]?桌(?:(?P<full>子?的?客?人)|(?:[酒宴]席?)?(?:{_GOES_ON}|(?=每|一张?桌)))"
)
TABLES_WANTED = re.compile(r"(?:[订坐摆开要定来满凑]|预[订定约]|安排|办|大概|大约|差不多|左右)了?$")
EACH_TABLE = re.compile("(?P<each>每|一)张?桌(?:子|坐|是|大概|大约|差不多|各)*$")

APPROX_BEFORE = re.compile(
    "(?:大约|大概齐?|大致|差不多|约莫|(?<!预)约|估[计摸]|可能|也许|应该|好像|至少|最少|起码|最多|顶多|将近|接近|(?<![赶尽爽愉凉])快|(?<![附最就远])近|超过|不到|不超过|不足|不止|少说)"
    r"(?:也)?[是有会就能要得来在到去]?\s?$"
)
APPROX_BEHIND = re.compile(r"\s?(?:左右|上下|差不多|的样子|以上|以内|以下|往上|出头|来往)")
MORE = re.compile(
    "(?:(?:再|又|还要?|另外|额外)(?:来|带|叫)|(?:再|又|还要?|另外|额外|临时|会|要)?(?<![参外])(?:增加|追加|新增|添加|(?<![至最顶差不好很太许更大])多加?|加|添)"
    r"(?:来|带|去|出)?)(?:了|上|一下|进来)?\s?$|(?:外加|另外还?有?|还(?:要?带|有|会来))\s?$"
)
FEWER = re.compile(r"(?<![至最多缺不])(?:减少|减掉|减去|去掉|少|减|扣掉)[来去了算]{0,2}\s?$")
PLACE_FOR = re.compile("的?[大小圆空]?(?:桌|位[子置]|座|包[间厢房]|房|间|卡座|雅间)")  # 六人桌
THINGS_FOR = re.compile("的?(?:餐具|碗|筷|杯|菜|饭|椅|凳)")  # 少了两个人的碗筷
PRICE_BEFORE = re.compile(r"(?:元|块钱?|多少钱?|几[块元]钱?|怎么[收算卖]费?|什么价钱?|收费|(?:[0-9]{2,}))\s?[/每]?\s?$")
NOT_COMING = re.compile(r"\s?(?:临时|突然|有事|今天|说|可能|又|都)*(?:来不了|去不了|到不了|不能来|不来|不去|缺席|来不成)")
NOT_THERE_YET = re.compile(r"\s?(?:都|也|还|正在|要)*(?:没到|没来|在路上|晚点(?:到|来)|迟到|晚到|在停车|堵)")
NEGATED = re.compile(r"(?:不是|并非|(?<!有)没有?)(?:订|说)?(?:了|的)?(?:是)?\s?$")
NOT_NOW = re.compile(r"(?:从|由|原来|本来|原先|原定|之前|上次|上回|先前|昨天|改之前|把)[^,，。;；!！?？\n]{0,6}$")
CORRECTED = re.compile("改[成为到]?|变[成为]?|换[成为]?|不对|错了|[啊哦噢呃]不|更正|到")
SUBSET = re.compile("其中|含|包括|里[面头边]?|当中|(?<!还)(?<!另外)有|分别|算上|内")
ADDED = re.compile("[和跟与及加带+、领抱陪再]|还有|还要|另外|以及")
TOTAL = re.compile(f"{_IN_ALL}|共(?!有)?")
BETWEEN = re.compile(
    rf"(?:[\s,，、;；:：+和跟与及加带再的()（）\x00是就都还要来了着领抱陪吧内]|大概|差不多|左右|以及|还有|另外|外加|其中|包括|包含|含|有|算上|里[面头边]?|当中|分别|{_IN_ALL}|共)*"
)
BRINGS = re.compile("(?:带|领|抱|陪)(?:着|了|上)?$")
COMES_TO_EAT = re.compile(r"\s?(?:要|想|会|准备|一起|一块|明[天晚]|今[天晚]|中午|晚上)*(?:过来|来(?!过)|一起|小?聚|吃|用餐|就餐|到店|$)")

# Not guests of ours: staff, those who wait before us, the table beside us.
NOT_OURS = re.compile(
    "(?:前[面边头]|隔壁|旁边|对面|后面|邻桌|别的?桌|那一?桌|服务[员生]|店员|员工|厨师|师傅|经理|收银员?|保安|前台|后厨|厨房|大厨|领班|[你他她]们|人家)"
    r"[^,，。;；!！?？\n\x00]{0,6}$"
)
NO_COUNT_BEFORE = re.compile(r"(?:每|平均|第|连|差|派|叫|找|喊|限|满|尾号|[前后末](?!天)|(?<!有)没有?)\s?$")
NEXT_IN_TURN = re.compile(r"(?:^|[\s,，。.!！?？叫请喊轮到呼])[上下]$")  # 叫下一位; but 晚上一位
NOBODY = re.compile(r"\s?(?:都|也)(?:没|不|莫得|冇)")
ONLY_ME = re.compile(r"(?:就|只有?|仅|我|俺|自己|独自|就是)\s?$")
_GOODS = "|".join(sorted((set(UNITS.split()) - {"人", "位", "个"}), key=len, reverse=True))
PER_PERSON = re.compile(
    r"(?:[都各来要点上给吃喝只算付是得大概约能会投抽领用拿买购兑换送限带]|需要|平均|可以|最[多少]|至[多少]|参加|每[天日次])*(?:多少|几(?![点号时楼位人])|什么价|怎么[收算卖]|收费|免单|免费|半价|打折"
    rf"|(?:[0-9]+(?:[-~到][0-9]+)?|[一二两三四五六七八九十百半]+)(?:{_GOODS}|元|块|个(?!人|大人|小|孩|娃|宝|老)))"
)
SMALL_WORDS = (
    f"(?:就|只|我们|咱们?|{_WITH_ME}|我|{_IN_ALL}|共|是|有|大概|大约|差不多|应该|可能|嗯+|哦|那|来|订|要|改成|改为"
    r"|大人|人数|[:：]|\s)*"
)
BARE = re.compile(
    rf"{SMALL_WORDS}(?P<said>(?:(?P<plus>{NUMERAL})\s?\+\s?)?{_COUNT}(?:\s?[个位名人口大])?(?P<around>左右|上下|差不多|以上)?)"
    r"(?:吧|啊|呢|哦|呀|的|了|哈|\s)*"
)
ONLY_KIDS = re.compile(rf"(?:[^,，。;；]*[,，。;；\s])?{SMALL_WORDS}")  # 二十个孩子, nobody else named
UNSAID_KID = re.compile(f"着?(?:{_KID})")
BARE_CHANGE = re.compile(rf"{_COUNT}个?(?:{_GOES_ON}|(?={NOT_COMING.pattern}))")
SOME_OF_US = re.compile(r"(?:^|[\s,，。.!！;；有又们中里])$")  # 有一个来不了
CALLS_FOR_NUMBER = re.compile(r"(?:改[成为到]|变[成为]|换[成为]|不对|错了|[啊哦噢呃]不|[是成])\s?[,，]?\s?$")
JUST_ME = re.compile(
    r"(?:嗯+|哦|\s)*(?:就|只有|只|没别人)?[,，\s]?(?:就|只有)?(?:我自己|我本人|我|自己|单人|单独|独自)(?:来|吃|一个)?(?:了|吧|呢|哦|啊|呀|哈|\s)*"
)
CLAUSE = re.compile(r"[^,，。.!！?？;；\n\x00]+")
WORD = re.compile(r"[^\s,，。.!！?？;；\x00]+")
WEEKDAY = re.compile("(?:周|星期|礼拜)(?:[一二三四五六日天末]|[1-7](?![0-9]))")
# As voice-to-text writes them: 八 个 人, 十 二 个 人, 5 个 大人.
SPREAD = re.compile(
    rf"(?:(?:[{_DIGITS}][ ])?十(?:[ ][{_DIGITS}])?(?=[ ])|{NUMERAL})[来几多]?"
    rf"(?:\s?个\s?(?:人|大\s人|小\s孩|小\s?朋\s友|{_KID}|{_ADULT}|{_OTHERS})|\s[位名]|\s个(?=\s|$)|\s人(?![多少满])|\s?口\s?人)"
)
MAY_COUNT = re.compile(
    "[0-9０-９一二两兩三四五六七八九十百廿卅俩仨半壹贰叁肆伍陆柒捌玖拾\u2460-\u2473]|[加多少添带帶来來了着減减上][个個位]"
)
