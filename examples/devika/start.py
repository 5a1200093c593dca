"""Starts Devika with its guards, from Devika's own folder: `python start.py`. As `python devika.py`, but for people of this
machine alone: nobody who reaches the port is asked who they are."""

import getpass
from pathlib import Path

import bailiwick
import guards

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    engine = bailiwick.Engine.load_folder(HERE / "policies")
    submitter = {"type": "human", "id": getpass.getuser(), "roles": ["engineer"]}
    # Devika's modules want to be imported by this one, in its order.
    import devika  # type: ignore[import-not-found]

    guards.install(guards.Guards(engine, submitter, HERE / "records.jsonl"), devika.app)
    devika.socketio.run(devika.app, debug=False, port=1337, host="127.0.0.1")
