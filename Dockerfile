# One image for every process of Assay; what a container does is its command (see compose.yaml).
ARG PYTHON_IMAGE=python:3.11.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
COPY requirements.txt /tmp/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.txt

FROM ${PYTHON_IMAGE}
# Pango and fonts lay out reports; libmagic names media types; the client programs make and restore backups.
RUN apt-get update && apt-get install -y --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 fonts-dejavu-core fonts-wqy-zenhei fonts-inter postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/assay --shell /usr/sbin/nologin assay \
    && install -d -o assay -g assay -m 700 /data
COPY --from=packages /venv /venv
COPY . /srv/assay
WORKDIR /srv/assay
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ASSAY_DATA=/data
USER assay
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "config.wsgi:application"]
