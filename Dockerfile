# Two stages: the first builds a wheel and an environment, the second holds only what runs.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/aggregator
COPY requirements.txt ./
RUN /opt/aggregator/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check hatchling
COPY pyproject.toml README.md LICENSE ./
COPY aggregator ./aggregator
RUN python -m hatchling build -t wheel && /opt/aggregator/bin/pip install --no-cache-dir --no-deps dist/*.whl
# Such as "fleet"; see compose.fleet.yml.
ARG EXTRA=
RUN if [ -n "$EXTRA" ]; then /opt/aggregator/bin/pip install --no-cache-dir "$(ls dist/*.whl)[$EXTRA]"; fi

FROM python:3.13-slim
# A number, so that a cluster can check that it is not root.
USER 10001:10001
COPY --from=build /opt/aggregator /opt/aggregator
COPY config /etc/aggregator
# The only place that is written: the store and the exports.
ENV AGGREGATOR_CONFIG=/etc/aggregator/aggregator.toml \
    AGGREGATOR__STORE__URL=sqlite:////var/lib/aggregator/aggregator.sqlite \
    PYTHONUNBUFFERED=1
VOLUME /var/lib/aggregator
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/opt/aggregator/bin/aggregator", "healthcheck"]
ENTRYPOINT ["/opt/aggregator/bin/aggregator"]
CMD ["run"]
