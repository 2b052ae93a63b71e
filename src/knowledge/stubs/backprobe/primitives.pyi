"""The only bridge between stubs and the interpreter: what a stub's body may call beside ordinary Python.

Stub bodies are interpreted like project code. A value that is not known stays unknown through all of these.
`Tensor` in the stub's own module names the class of the tensors that its functions make.
"""


# Tensors and the gradient graph.

def tensor(*inputs, features=None, axis=None, rank=None, scale=None):
    """A tensor computed differentiably from `inputs` (whatever among them is no tensor is ignored; lists are walked).

    `features`: size of the feature axis, an int or unknown. `axis`: which axis that is, the last (-1) or the second (1); by default that of
    the first input if the result has its features and rank, else the last. `rank`: number of axes.
    `scale`: "logits", "probabilities", "log_probabilities", "loss", or None for what is not known.
    """

def like(input, *others, scale=None):
    """As `tensor(input, *others)`, with the features and rank of `input` (and its scale, unless given)."""

def layer(*inputs, parameters=(), features=None, axis=None, rank=None):
    """The output of a layer that owns `parameters`, applied to `inputs`."""

def cut(value, reason):
    """`value` through which no gradient flows: "detach", "no_grad", "argmax", "numpy", "item", "stop_gradient", "integer"."""

def features(value):
    """Size of the feature axis of a tensor; unknown if it is not known."""

def rank(value):
    """Number of axes of a tensor; unknown if it is not known."""

def observe(*values):
    """The values are looked at (printed, summarised, stored): they count as used, and are not changed."""


# Parameters and variables.

def parameter(trainable=True):
    """A new parameter; its identity is the place and the context it is made in."""

def variable(name, trainable=True, buffer=False, fresh=False):
    """The variable `name` in the current variable scope of the default graph: made, or found again under the same path.

    `buffer` marks moving statistics and the like: no gradient ever reaches them. A `fresh` one is never found again: it is
    made anew each time, under `name` made unique.
    """

def parameters(owner, registers=None):
    """A snapshot of all parameters of a module-like object: its own and those of attributes whose class derives from `registers`.

    What is in the list or dict `_modules` counts too: modules, parameters, sets of them.
    """

def named_parameters(owner, registers=None):
    """As `parameters`, as a list of pairs of dotted attribute path and parameter."""

def parameter_set(*values):
    """The set of parameters among `values`: parameters, sets, lists and dicts of them, parameter groups."""

def reached(*values):
    """The set of parameters that the tensors among `values` were computed with."""

def graph_variables(scope=None, trainable=True):
    """A snapshot of the variables of the default graph whose path starts with `scope`.

    The trainable ones, or all if `trainable` is None.
    """

def modules(owner, registers=None):
    """`owner` and all objects below it whose class derives from `registers`, as a list."""


# Ambient facts: what callees see without being passed it.

def push_scope(name, default=None, reuse=None):
    """Enter the variable scope `name` (a string, or a scope object as returned), or a fresh one called after `default`.

    `reuse`: True (variables are found), None (they are made), "auto" (either).
    Returns the scope object: it has `name`, `reuse`, and `reuse_variables()`, which lets it reuse from then on.
    `ambient("scope")` is the innermost one.
    """

def pop_scope():
    """Leave the innermost variable scope."""

def unique_name(default):
    """`default` made unique in the current variable scope: "dense", "dense_1", … Counts anew whenever the scope is entered again."""

def push(kind, value):
    """Make `value` ambient under `kind`: "arguments", "gradient" (bool), "control_dependencies", "names" (the prefix of a name scope),
    "graph" (the default graph), "training" (the mode that inner layers take if they are not told), "tape" (what records gradients).

    "arguments" is a list of all arg scopes in force, (functions, dict) each, innermost last; what is pushed replaces what was there.
    """

def pop(kind):
    """Leave what was pushed last under `kind`."""

def ambient(kind):
    """The value pushed last under `kind`, or None."""


# Events of the training step.

def event(kind, subject, **details):
    """Something the order of which matters: "backward" (loss), "step" (optimizer), "zero_grad" (optimizer, module
    or parameters), "clip", "unscale", "mode" (module, training=…), "minimize" (optimizer, loss=…, parameters=…, explicit=…),
    "optimizer" (optimizer, parameters=…), "load" (module, parameters=…), "run" (session, fetches=…), "apply" (optimizer,
    gradients=…, parameters=…), "compile" (model, parameters=…), "fit" (model, parameters=…, data=…, targets=…,
    inputs=…: the symbol that stands for the data),
    "predict" (model, data=…, inputs=…, predicted=…, parameters=…), "reset" (the default graph is emptied).
    """

def collect(key, value):
    """Add `value` to the collection `key` of the default graph."""

def collection(key):
    """The collection `key` of the default graph, as a list."""


# Everything else.

def set_fields(owner, args, kwargs):
    """Set the fields that the classes of a dataclass-like object declare, those of bases first; what is not given has its default."""

def unknown(*values):
    """Something not known; `values` escape into it."""

def accepts_arg_scope(function):
    """Decorator: arguments of this function may be set by an ambient arg scope."""

def called_by_framework(function):
    """Decorator: a method that subclasses define and the framework calls, with arguments of its own."""

def draws_random(function):
    """Decorator: two calls with the same arguments differ."""

def asks_shape(function):
    """Decorator: it asks for the shape or kind of tensors, not for their numbers: that is no use of them."""

def in_place(function):
    """Decorator: the first argument is changed in place and stays the same object."""

def call(function, args=(), kwargs=None):
    """Call `function`, as `function(*args, **kwargs)`; None is the identity on the first argument."""

def copied(value, deep):
    """A copy of a list, dict or object; a deep one holds copies of what is in it, and other parameters."""

def default(function, name):
    """The default of the parameter `name` of a function, None if it has none."""

def partial(function, args, kwargs, otherwise):
    """`function` with its first arguments, called by whoever calls what is returned; `otherwise` if not all of them are known."""
