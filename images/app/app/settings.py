"""What the environment says, under either of the names that DDALAB's image reads."""

import os
from dataclasses import dataclass, field


def variable(name, default=""):
    return os.environ.get(f"DDALAB_{name}") or os.environ.get(name) or default


@dataclass(frozen=True)
class Settings:
    version: str
    fault: str
    api_port: int
    web_port: int
    database: dict = field(repr=False)
    redis: dict = field(repr=False)
    s3: dict = field(repr=False)


def read():
    return Settings(
        version=os.environ.get("APP_VERSION", "0.0.0"),
        fault=os.environ.get("APP_FAULT", ""),
        api_port=int(variable("API_PORT", "8001")),
        web_port=int(variable("WEB_PORT", "3000")),
        database={
            "host": variable("DB_HOST", "postgres"),
            "port": int(variable("DB_PORT", "5432")),
            "dbname": variable("DB_NAME", "ddalab"),
            "user": variable("DB_USER", "ddalab"),
            "password": variable("DB_PASSWORD"),
        },
        redis={
            "host": variable("REDIS_HOST", "redis"),
            "port": int(variable("REDIS_PORT", "6379")),
            "password": variable("REDIS_PASSWORD"),
            "database": int(variable("REDIS_DB", "0")),
        },
        s3={
            "address": variable("MINIO_HOST", "minio:9000"),
            "user": variable("MINIO_ACCESS_KEY"),
            "secret": variable("MINIO_SECRET_KEY"),
            "bucket": variable("MINIO_BUCKET_NAME", "dda-results"),
        },
    )
