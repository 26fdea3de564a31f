# Built in two steps, so that what runs holds neither a compiler nor pip's leftovers.
FROM python:3.11-slim-bookworm AS made
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY schedules schedules
COPY storage storage
RUN python -m venv /opt/handledd \
    && /opt/handledd/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt . \
    && /opt/handledd/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim-bookworm
COPY --from=made /opt/handledd /opt/handledd
RUN useradd --system --uid 10001 --home-dir /var/lib/handledd --create-home handledd
USER 10001
WORKDIR /var/lib/handledd
ENV PATH="/opt/handledd/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HANDLEDD_HOST=0.0.0.0 HANDLEDD_PORT=8080
EXPOSE 8080
VOLUME /var/lib/handledd
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['HANDLEDD_PORT'] + '/readyz', timeout=4)"]
ENTRYPOINT ["handledd"]
CMD ["run"]
