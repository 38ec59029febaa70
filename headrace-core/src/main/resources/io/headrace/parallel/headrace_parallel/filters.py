"""The filter of an MLTable: col("temperature") > 32 and col("location") == "UK".

Read as Python's grammar, never run as Python.
"""
import ast
import operator


class NotUnderstood(Exception):
    pass


_COMPARISONS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}


def mask(text, frame):
    """Which rows stay."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        result = _value(tree, frame)
    except SyntaxError:
        raise NotUnderstood("'%s' is not an expression" % text)
    except TypeError as e:
        raise NotUnderstood("'%s' compares what cannot be compared: %s" % (text, e))
    if not hasattr(result, "astype"):
        raise NotUnderstood("'%s' names no column; write col(\"NAME\")" % text)
    return result.fillna(False).astype(bool)


def _value(node, frame):
    if isinstance(node, ast.BoolOp):
        combine = operator.and_ if isinstance(node.op, ast.And) else operator.or_
        values = [_value(it, frame) for it in node.values]
        result = values[0]
        for value in values[1:]:
            result = combine(result, value)
        return result
    if isinstance(node, ast.UnaryOp):
        value = _value(node.operand, frame)
        if isinstance(node.op, ast.USub):
            return -value
        if isinstance(node.op, (ast.Not, ast.Invert)):
            return ~value
    if isinstance(node, ast.Compare):
        return _comparison(node, frame)
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _ARITHMETIC[type(node.op)](_value(node.left, frame), _value(node.right, frame))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "col":
        return _column(node, frame)
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise NotUnderstood("only col(\"NAME\"), values, comparisons, and, or, not are known")


def _comparison(node, frame):
    left = _value(node.left, frame)
    result = None
    for op, right_node in zip(node.ops, node.comparators):
        if type(op) not in _COMPARISONS:
            raise NotUnderstood("only ==, !=, <, <=, >, >= compare")
        right = _value(right_node, frame)
        part = _COMPARISONS[type(op)](left, right)
        result = part if result is None else result & part
        left = right
    return result


def _column(node, frame):
    names = [ast.literal_eval(it) for it in node.args]
    if len(names) != 1 or names[0] not in frame.columns:
        raise NotUnderstood(
            "there is no column %s; there are %s"
            % (", ".join(map(repr, names)), ", ".join(map(str, frame.columns[:20])))
        )
    return frame[names[0]]
