"""Moves tables with dlt: connectorx reads them into Arrow, COPY loads CSV."""

import sys
from urllib.parse import urlsplit

import dlt
from dlt.sources.sql_database import sql_database

source, target, schema, *tables = sys.argv[1:]
source = source.replace("mysql://", "mysql+pymysql://").replace("mariadb://", "mysql+pymysql://")
target = target.replace("postgres://", "postgresql://")
if urlsplit(target).password is None:  # dlt insists on one
    target = target.replace("@", ":none@", 1)
pipeline = dlt.pipeline(
    pipeline_name="load",
    destination=dlt.destinations.postgres(target),
    dataset_name=schema,
)
rows = sql_database(
    source,
    table_names=tables,
    backend="connectorx",
    reflection_level="full_with_precision",
    backend_kwargs={"conn": source.replace("mysql+pymysql://", "mysql://"), "return_type": "arrow"},
)
pipeline.run(rows, loader_file_format="csv", write_disposition="append")
