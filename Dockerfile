# Two images from one file: `api` without engines, `worker` with the plugins.
# docker build --target api .        docker build --target worker .

FROM python:3.13-slim AS build
WORKDIR /src
COPY constraints.txt .
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --constraint constraints.txt pip

FROM build AS build-plugins
# Some plugins are compiled; the compiler stays behind in this stage.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY plugins ./plugins
RUN /venv/bin/python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels \
    --build-constraint constraints.txt ./plugins/*/

FROM build AS build-api
COPY pyproject.toml README.md LICENSE ./
COPY inventoryai ./inventoryai
COPY adapters ./adapters
RUN /venv/bin/python -m pip install --no-cache-dir \
    --constraint constraints.txt --build-constraint constraints.txt . ./adapters

FROM build-api AS build-worker
COPY --from=build-plugins /wheels /wheels
RUN /venv/bin/python -m pip install --no-cache-dir --constraint constraints.txt /wheels/*.whl
# Where to take torch from, and torch alone. Without it: where everything comes from, unless that is the build for
# CUDA, several gigabytes that have no use here; the image is then made without, and the build says so.
ARG TORCH_INDEX_URL=
RUN PIP_NO_CACHE_DIR=1 /venv/bin/python -m inventoryai_lstm.install_torch \
    --constraint constraints.txt --index-url "$TORCH_INDEX_URL"
# A worker goes on without a plugin that it cannot use; an image without one is not worth making, unless torch was
# left out on purpose.
RUN if /venv/bin/python -m pip show --quiet torch; then /venv/bin/python -c "import torch"; \
    else export INVENTORYAI_DISABLED_PLUGINS=lstm; fi \
    && /venv/bin/inventoryai engines --json \
    | /venv/bin/python -c "import json, sys; sys.exit(json.load(sys.stdin)['rejected'] or None)"

FROM python:3.13-slim AS runtime
# Received files lie in /data, for the API and every worker; without a volume they go with the container.
# None is declared here: what needs no files would be given an empty one each time, and leave it behind.
RUN useradd --uid 10001 --no-log-init --home-dir /data --no-create-home --shell /usr/sbin/nologin inventoryai \
    && install --directory --mode 0700 --owner inventoryai --group inventoryai /data
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    INVENTORYAI_DATA=/data
USER inventoryai
WORKDIR /data
ENTRYPOINT ["inventoryai"]

FROM runtime AS worker
COPY --from=build-worker /venv /venv
CMD ["worker"]

FROM runtime AS api
COPY --from=build-api /venv /venv
EXPOSE 8000
CMD ["serve", "--host", "0.0.0.0"]
