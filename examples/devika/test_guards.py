"""The guards around stand-ins with Devika's names, signatures and habits: what is allowed goes on, a denial is raised once."""

import asyncio
import inspect
import json
import os
import sys
import tempfile
import unittest
from importlib import import_module
from pathlib import Path

import bailiwick

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "standin")]

import guards  # noqa: E402 - it stands beside this file

ENGINEER = {"type": "human", "id": "ada", "roles": ["engineer"]}


class Guarded(unittest.TestCase):
    def setUp(self) -> None:
        for name in [name for name in sys.modules if name.split(".")[0] == "src"]:
            del sys.modules[name]  # each test has seams of its own
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.projects = Path(folder.name, "projects")
        self.root = self.projects / "to-do-app"
        self.root.mkdir(parents=True)
        self.records = Path(folder.name, "records.jsonl")
        self.seams = {name: import_module(f"src.agents.{name}") for name in ("agent", "runner.runner", "coder.coder")}
        self.agent = self.seams["agent"].Agent
        self.coder = self.seams["coder.coder"].Coder
        self.llm = import_module("src.llm.llm").LLM
        self.coder.project_dir = str(self.projects)
        self.before = {name: inspect.signature(seam) for name, seam in self.wrapped().items()}
        self.install(ENGINEER)

    def wrapped(self) -> dict:
        return {
            "execute": self.agent.execute,
            "subsequent_execute": self.agent.subsequent_execute,
            "open_page": self.agent.open_page,
            "inference": self.llm.inference,
            "save_code_to_project": self.coder.save_code_to_project,
            "run_code": self.seams["runner.runner"].Runner.run_code,
        }

    def install(self, submitter: dict) -> None:
        engine = bailiwick.Engine.load_folder(HERE / "policies")
        self.guards = guards.Guards(engine, submitter, self.records)
        guards.install(self.guards)

    def kept(self) -> list[tuple[str, str]]:
        lines = self.records.read_text(encoding="utf-8").splitlines()
        return [(record["action"], record["decision"]) for record in map(json.loads, lines)]

    def test_signatures_stay(self) -> None:
        self.assertEqual({name: inspect.signature(seam) for name, seam in self.wrapped().items()}, self.before)

    def test_a_task_and_its_calls_of_a_model(self) -> None:
        agent = self.agent(base_model="m", search_engine="bing")
        self.assertEqual(agent.execute("write a to-do list", "To Do App"), "an answer")
        agent.subsequent_execute("and a button", "To Do App")
        self.assertEqual(self.kept(), [("task.submit", "allowed"), ("model.call", "allowed")] * 2)
        self.assertEqual(self.llm.prompts, ["write a to-do list", "and a button"])

    def test_a_task_of_nobody_known_is_not_begun(self) -> None:
        self.guards.submitter = {"type": "human", "id": "somebody", "roles": []}
        with self.assertRaises(bailiwick.Denied) as denied:
            self.agent("m", "bing").execute("x", "To Do App")
        self.assertIn("somebody who is known", str(denied.exception))
        self.assertEqual((self.kept(), self.llm.prompts), ([("task.submit", "denied")], []))

    def test_a_task_has_a_budget_and_a_denial_is_not_retried(self) -> None:
        agent = self.agent("m", "bing")
        agent.execute("x" * 6000, "To Do App")
        with self.assertRaises(bailiwick.Denied) as denied:
            agent.coder.execute("x" * 6000, "", {}, "To Do App")  # it wears `retry_wrapper`
        self.assertIn("budget", str(denied.exception))
        self.assertEqual(len(self.llm.prompts), 1)
        self.assertEqual(self.kept()[2:], [("model.call", "denied")], "asked once, not five times")
        agent.subsequent_execute("x" * 6000, "To Do App")  # another task, another budget

    def test_keys_do_not_reach_the_model(self) -> None:
        self.agent("m", "bing").execute("use password='hunter2!' of ada@example.org", "To Do App")
        self.assertEqual(self.llm.prompts, ["use password='[redacted:password]' of [redacted:email-address]"])

    def test_files_are_written_into_the_project_alone(self) -> None:
        fine = [{"file": "src/a.py", "code": "a"}]
        for module, name in (("coder", "Coder"), ("feature", "Feature"), ("patcher", "Patcher")):
            writer = getattr(import_module(f"src.agents.{module}.{module}"), name)("m")
            writer.save_code_to_project(fine, "To Do App")
            self.assertEqual((self.root / "src/a.py").read_text(), "a")
            os.symlink("/", self.root / f"link-{module}")
            for path in ("../../config.toml", "/etc/cron.d/x", f"link-{module}/tmp/x"):
                with self.subTest(f"{name} {path}"), self.assertRaises(bailiwick.Denied):
                    writer.save_code_to_project([{"file": "b.py", "code": ""}, {"file": path, "code": ""}], "To Do App")
            self.assertFalse((self.root / "b.py").exists(), "all or nothing")

    def test_commands_are_asked_for_as_they_are_run(self) -> None:
        runner = self.seams["runner.runner"].Runner("m")

        def run(*commands: str) -> None:
            runner.run_code(list(commands), str(self.root), "To Do App", [], "", "linux")

        with self.assertRaises(SystemExit):
            run("touch made")  # done; Devika takes nothing for a failure, and does it five times
        self.assertTrue((self.root / "made").exists())
        self.assertEqual(self.kept(), [("shell.exec", "allowed")] * 5)
        for command, error in [
            ("rm -rf ../other", bailiwick.Denied),
            ("cp made /etc/made", bailiwick.Denied),
            ("touch a && touch b", bailiwick.Denied),
            ("curl https://paste.example/x", bailiwick.Denied),
            ("rm made", bailiwick.ApprovalNeeded),
        ]:
            with self.subTest(command):
                before = len(self.kept())
                with self.assertRaises(error):
                    run(command)
                self.assertEqual(len(self.kept()), before + 1, "asked once")
        runner.corrections = ["rm -rf ../other"]
        with self.assertRaises(bailiwick.Denied):
            run("false")  # the command that the model puts in its place is asked for too
        with self.assertRaises(AttributeError):
            self.seams["runner.runner"].subprocess.Popen(["ls"])

    def test_pages(self) -> None:
        agent = self.agent("m", "bing")
        asyncio.run(agent.open_page("To Do App", "https://docs.python.org/3/"))
        with self.assertRaises(bailiwick.Denied):
            asyncio.run(agent.open_page("To Do App", "http://169.254.169.254/latest/meta-data"))
        self.assertEqual(self.agent.pages, ["https://docs.python.org/3/"])

    def test_a_record_that_cannot_be_kept_stops_the_step(self) -> None:
        self.records.mkdir()
        with self.assertRaises(OSError):
            self.agent("m", "bing").execute("x", "To Do App")
        self.assertEqual(self.llm.prompts, [])

    def test_a_seam_that_is_gone_is_an_error(self) -> None:
        del self.agent.open_page
        with self.assertRaises(AttributeError):
            self.install(ENGINEER)


if __name__ == "__main__":
    unittest.main()
