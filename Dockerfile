# One image for every part: serve (default), web, worker, print-agent, db upgrade.
FROM python:3.11-slim

WORKDIR /app
RUN useradd --uid 10001 --no-create-home haowei && install -d -o haowei /app/var

COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY bot bot
COPY console console
COPY domain domain
COPY haowei haowei
COPY nlu_data nlu_data
COPY printing printing
COPY wechat_gateway wechat_gateway

USER haowei
ENV PYTHONUNBUFFERED=1 HAOWEI_HOST=0.0.0.0
EXPOSE 8080
HEALTHCHECK --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/livez', timeout=3)"]

ENTRYPOINT ["python", "-m", "haowei"]
CMD ["serve"]
