"""The job of `sigrun run`, as one writes it with pandas, and nothing more:
config, validation, CSV, rolling mean, comparison, rate, metrics and log."""

import argparse
import json
import logging
import sys
import time

import pandas as pd

try:
    import yaml
except ImportError:
    yaml = None

REQUIRED = {"version": str, "seed": int, "window": int}


def load_config(path):
    with open(path, encoding="utf-8") as file:
        if yaml is not None:
            return yaml.safe_load(file)
        pairs = (line.split(":", 1) for line in file if ":" in line)
        config = {key.strip(): value.strip() for key, value in pairs}
        return {**config, "seed": int(config["seed"]), "window": int(config["window"])}


def validate(config):
    for key, kind in REQUIRED.items():
        if not isinstance(config.get(key), kind):
            raise ValueError(f"config: {key} must be of type {kind.__name__}")
    if config["window"] < 1:
        raise ValueError("config: window must be at least 1")


def run(args):
    started = time.perf_counter()
    config = load_config(args.config)
    validate(config)
    logging.info("config loaded: %s", config)

    bars = pd.read_csv(args.input)
    if bars.empty:
        raise ValueError("no rows in the data")
    if "close" not in bars.columns:
        raise ValueError("no close column in the data")
    logging.info("data loaded: rows=%d", len(bars))

    mean = bars["close"].rolling(config["window"]).mean()
    logging.info("rolling mean computed: window=%d", config["window"])
    signal = bars["close"] > mean
    logging.info("signal generated")
    rate = float(signal[mean.notna()].mean())

    metrics = {
        "version": config["version"],
        "rows_processed": len(bars),
        "metric": "signal_rate",
        "value": rate,
        "latency_ms": round((time.perf_counter() - started) * 1000, 3),
        "seed": config["seed"],
        "status": "success",
    }
    logging.info("metrics: %s", metrics)
    return metrics


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--input", "--config", "--output", "--log-file"):
        parser.add_argument(flag, required=True)
    args = parser.parse_args()
    logging.basicConfig(
        filename=args.log_file, level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
    )
    logging.info("job started")
    try:
        metrics = run(args)
    except Exception as error:
        logging.exception("job failed")
        metrics = {"version": "unknown", "status": "error", "error_message": str(error)}
    with open(args.output, "w", encoding="utf-8") as file:
        json.dump(metrics, file, indent=2)
    print(json.dumps(metrics))
    logging.info("job finished: status=%s", metrics["status"])
    return 0 if metrics["status"] == "success" else 1


if __name__ == "__main__":
    sys.exit(main())
