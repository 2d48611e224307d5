"""Python code in which what somebody else says is run: a parameter that reaches a way to run code.

The agent fills a tool's parameters with text from pages, mails and files, so whoever writes those runs code on the
user's machine. Only the syntax tree is read; parameters are followed through assignments inside one function.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from registry.domain.scanning.model import HOLDS, Hit, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.scanning.segments import Sheet

LARGEST = 300_000
EACH_MOST = 20
RUNS = frozenset("eval exec compile __import__ types.FunctionType importlib.import_module".split())
REVIVES = frozenset(
    (
        "pickle.loads pickle.load dill.loads cloudpickle.loads marshal.loads shelve.open yaml.unsafe_load "
        "jsonpickle.decode"
    ).split()
)
SHELLS = frozenset(
    "os.system os.popen subprocess.getoutput subprocess.getstatusoutput asyncio.create_subprocess_shell".split()
)
TEMPLATES = frozenset("Template jinja2.Template render_template_string Environment.from_string from_string".split())
TOOLS = frozenset("tool resource prompt call_tool".split())
Function = ast.FunctionDef | ast.AsyncFunctionDef


def flows_in(sheet: Sheet) -> Iterator[Hit]:
    """Parameters of functions that are run; files that are no Python have none."""
    if not sheet.path.endswith(".py") or len(sheet.text) > LARGEST:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(sheet.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = sheet.text.split("\n")
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    is_server = any(_is_tool(function) for function in functions)
    found = {(line, rule): weight for function in functions for line, rule, weight in _reached(function, is_server)}
    for (line, rule), weight in sorted(found.items())[:EACH_MOST]:
        shown = excerpt(lines[line - 1].strip()) if line <= len(lines) else ""
        yield Hit(rule, "MP3124", weight, sheet.path, line, shown)


def _is_tool(function: Function) -> bool:
    names = (_name(item.func if isinstance(item, ast.Call) else item) for item in function.decorator_list)
    return any(name.rsplit(".", 1)[-1] in TOOLS for name in names)


def _reached(function: Function, is_server: bool) -> Iterator[tuple[int, str, int]]:  # noqa: FBT001  (an inner step)
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    told = {argument.arg for argument in arguments} - {"self", "cls"}
    is_bare = any(isinstance(node, ast.Constant) and node.value == "__builtins__" for node in ast.walk(function))
    for node in _in_order(function):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AugAssign(target=ast.Name(id=name), value=value)
            ):
                if _is_told(value, told):
                    told.add(name)
            case ast.For(target=ast.Name(id=name), iter=value):
                if _is_told(value, told):
                    told.add(name)
            case ast.Call():
                rule, weight = _sink(node, told, is_server=is_server, is_bare=is_bare)
                if rule:
                    yield node.lineno, rule, weight


def _sink(call: ast.Call, told: set[str], *, is_server: bool, is_bare: bool) -> tuple[str, int]:
    """The rule that the call meets with what was told in it, and its weight; an empty rule for none."""
    name = _name(call.func)
    is_fenced = len(call.args) > 1 and is_bare
    if not call.args or not _is_told(call.args[0], told):
        return "", 0
    met = (
        ("run", name in RUNS and not is_fenced, HOLDS if name in {"eval", "exec"} else 4),
        ("revived", name in REVIVES or (name == "yaml.load" and "Safe" not in ast.dump(call)), 5),
        ("shell", name in SHELLS or (name.startswith("subprocess.") and _is_shell(call)), 6),
        ("template", is_server and name in TEMPLATES, HOLDS),
        ("query", is_server and name.endswith(".execute") and _is_put_together(call.args[0]), HOLDS),
    )
    hits = ((f"flow.parameter-{word}", HOLDS if is_server else weight) for word, is_met, weight in met if is_met)
    return next(hits, ("", 0))


def _is_shell(call: ast.Call) -> bool:
    return any(
        word.arg == "shell" and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in call.keywords
    )


def _is_put_together(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call) and _name(node.func).endswith("format")
    )


def _is_told(node: ast.AST, told: set[str]) -> bool:
    """Whether a told name is in the expression, other than through a shape that makes it harmless."""
    if isinstance(node, ast.Call) and _name(node.func) in {"int", "float", "len", "bool", "shlex.quote", "quote"}:
        return False
    if isinstance(node, ast.Name):
        return node.id in told
    return any(_is_told(child, told) for child in ast.iter_child_nodes(node))


def _in_order(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function as they stand, those of functions inside it left out."""
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.ClassDef):
            continue
        yield node
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{_name(value)}.{attr}" if _name(value) else attr
    return ""
