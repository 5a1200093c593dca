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


class Server:
    """As much of Flask's application as Devika's server needs here."""

    def __init__(self, settings: list[str]) -> None:
        def set_settings() -> str:
            settings.append("changed")
            return "Settings updated"

        self.view_functions = {"set_settings": set_settings}


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
        others = {"reader": "filesystem.read_code", "pdf": "documenter.pdf", "netlify": "services.netlify"}
        self.seams |= {name: import_module(f"src.{path}") for name, path in others.items()}
        self.seams["reader"].ReadCode.projects_dir = str(self.projects)
        self.settings: list[str] = []
        self.app = Server(self.settings)
        self.coder.project_dir = str(self.projects)
        self.before = {name: inspect.signature(seam) for name, seam in self.wrapped().items()}
        self.install(ENGINEER)

    def wrapped(self) -> dict:
        return {
            "execute": self.agent.execute,
            "subsequent_execute": self.agent.subsequent_execute,
            "open_page": self.agent.open_page,
            "search_queries": self.agent.search_queries,
            "read_directory": self.seams["reader"].ReadCode.read_directory,
            "markdown_to_pdf": self.seams["pdf"].PDF.markdown_to_pdf,
            "deploy": self.seams["netlify"].Netlify.deploy,
            "set_settings": self.app.view_functions["set_settings"],
            "inference": self.llm.inference,
            "save_code_to_project": self.coder.save_code_to_project,
            "run_code": self.seams["runner.runner"].Runner.run_code,
        }

    def install(self, submitter: dict) -> None:
        engine = bailiwick.Engine.load_folder(HERE / "policies")
        self.guards = guards.Guards(engine, submitter, self.records)
        guards.install(self.guards, self.app)

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

    def test_searches_leave_only_for_engines_that_are_named(self) -> None:
        agent = self.agent("m", "duckduckgo")
        agent.search_queries(["python sockets"], "To Do App")
        self.assertEqual(self.agent.queries, ["python sockets"])
        asked = json.loads(self.records.read_text().splitlines()[-1])["requested"]["url"]
        self.assertEqual(asked, "https://duckduckgo.com/?q=python+sockets")
        for engine in ("bing", "google"):
            with self.subTest(engine), self.assertRaises(bailiwick.Denied):
                self.agent("m", engine).search_queries(["python sockets"], "To Do App")
        self.assertEqual(self.agent.queries, ["python sockets"])

    def test_a_project_is_read_and_no_link_leads_out_of_it(self) -> None:
        (self.root / "a.py").write_text("a")
        os.symlink(self.root / "a.py", self.root / "same.py")
        reader = self.seams["reader"].ReadCode("To Do App")
        self.assertEqual(reader.code_set_to_markdown().count("###"), 2)
        self.assertEqual(self.kept(), [("file.read", "allowed")] * 2)
        secret = self.projects / "secret"
        secret.write_text("hunter2!")
        os.symlink(secret, self.root / "notes.txt")
        with self.assertRaises(bailiwick.Denied):
            reader.code_set_to_markdown()

    def test_reports_are_printed_into_their_folder(self) -> None:
        pdf = self.seams["pdf"].PDF()
        pdf.pdf_path = str(self.projects)
        self.assertTrue(Path(pdf.markdown_to_pdf("# A", "To Do App")).exists())
        with self.assertRaises(bailiwick.Denied):
            pdf.markdown_to_pdf("# A", "../escaped")
        self.assertFalse((self.projects.parent / "escaped.pdf").exists())

    def test_deployments_wait_for_a_person(self) -> None:
        netlify = self.seams["netlify"].Netlify()
        with self.assertRaises(bailiwick.ApprovalNeeded):
            netlify.deploy("To Do App")
        self.assertEqual((netlify.deployed, self.kept()), ([], [("deploy", "ask_approval")]))

    def test_settings_are_not_changed_over_the_wire(self) -> None:
        answer, status = self.app.view_functions["set_settings"]()
        self.assertEqual((status, self.settings), (403, []))
        self.assertIn("settings", answer)

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
