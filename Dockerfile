# Two stages: the first builds a wheel and an environment, the second holds only what runs. docs/how-to/service.md says how to run it.
FROM python:3.13-slim AS build
WORKDIR /src
# Without pip in it: what runs installs nothing.
RUN python -m venv --without-pip /opt/aggregator && mkdir -p /state/aggregator
COPY requirements.txt ./
RUN pip --python /opt/aggregator/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check hatchling
COPY pyproject.toml README.md LICENSE ./
COPY config ./config
COPY aggregator ./aggregator
RUN python -m hatchling build -t wheel \
    && pip --python /opt/aggregator/bin/python install --no-cache-dir --disable-pip-version-check --no-deps dist/*.whl
# Such as "fleet"; see compose.fleet.yml.
ARG EXTRA=
RUN if [ -n "$EXTRA" ]; then \
    pip --python /opt/aggregator/bin/python install --no-cache-dir --disable-pip-version-check "$(ls dist/*.whl)[$EXTRA]"; fi

FROM python:3.13-slim
COPY --from=build /opt/aggregator /opt/aggregator
COPY config/aggregator.toml config/feeds.toml /etc/aggregator/
# The only place that is written: the store and the exports. A new volume takes its owner from here.
COPY --from=build --chown=10001:10001 /state/aggregator /var/lib/aggregator
VOLUME /var/lib/aggregator
# A number, so that a cluster can check that it is not root.
USER 10001:10001
WORKDIR /var/lib/aggregator
ENV AGGREGATOR_CONFIG=/etc/aggregator/aggregator.toml \
    AGGREGATOR__STORE__URL=sqlite:////var/lib/aggregator/aggregator.sqlite \
    PATH=/opt/aggregator/bin:$PATH \
    PYTHONUNBUFFERED=1
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/opt/aggregator/bin/aggregator", "healthcheck"]
ENTRYPOINT ["/opt/aggregator/bin/aggregator"]
CMD ["run"]
