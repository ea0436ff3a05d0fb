# Two images from one file: `api` without engines, `worker` with the plugins.
# docker build --target api .        docker build --target worker .

FROM python:3.13-slim AS build-api
WORKDIR /src
COPY constraints.txt .
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --constraint constraints.txt pip
COPY pyproject.toml README.md LICENSE ./
COPY inventoryai ./inventoryai
COPY adapters ./adapters
RUN /venv/bin/python -m pip install --no-cache-dir \
    --constraint constraints.txt --build-constraint constraints.txt . ./adapters

FROM build-api AS build-worker
# `ets` is compiled; the compiler stays behind in this stage.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY plugins ./plugins
RUN /venv/bin/python -m pip install --no-cache-dir \
    --constraint constraints.txt --build-constraint constraints.txt ./plugins/ets ./plugins/intermittent ./plugins/naive

FROM python:3.13-slim AS runtime
RUN useradd --system --uid 10001 --home-dir /data inventoryai \
    && install --directory --mode 0700 --owner inventoryai /data
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    INVENTORYAI_DATA=/data
USER inventoryai
WORKDIR /data
# Received files lie here, for the API and every worker; without a volume they go with the container.
VOLUME /data
ENTRYPOINT ["inventoryai"]

FROM runtime AS worker
COPY --from=build-worker /venv /venv
CMD ["worker"]

FROM runtime AS api
COPY --from=build-api /venv /venv
EXPOSE 8000
CMD ["serve", "--host", "0.0.0.0"]
