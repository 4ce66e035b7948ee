"""What the gateway counts. Labels are types and outcomes, never people."""

from prometheus_client import Counter, Histogram

PUSHES = Counter("haowei_pushes", "Pushes of the platform by type and outcome", ["type", "outcome"])
REFUSED = Counter("haowei_pushes_refused", "Bodies that were no push for us", ["reason"])
REPLY_SECONDS_TAKEN = Histogram(
    "haowei_reply_seconds", "From a push to its answer", buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4.2, 5)
)
MESSAGES = Counter("haowei_messages", "Messages to diners by purpose and outcome", ["purpose", "outcome"])
