//! Node kinds and fields of the grammar, resolved to numbers once.

use std::num::NonZeroU16;
use std::sync::LazyLock;

use tree_sitter::Language;

/// Declares an enum with one variant a name of the grammar, `Other` for all other names, and the list of both.
macro_rules! grammar_names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum $name { Other, $($variant),* }

        impl $name {
            const NAMES: &'static [(Self, &'static str)] = &[$((Self::$variant, $text)),*];
        }
    };
}

grammar_names! {
    /// Kinds of nodes.
    Kind {
        AliasedImport = "aliased_import",
        ArgumentList = "argument_list",
        AsPattern = "as_pattern",
        AsPatternTarget = "as_pattern_target",
        AssertStatement = "assert_statement",
        Assignment = "assignment",
        Async = "async",
        Attribute = "attribute",
        AugmentedAssignment = "augmented_assignment",
        Await = "await",
        BinaryOperator = "binary_operator",
        Block = "block",
        BooleanOperator = "boolean_operator",
        BreakStatement = "break_statement",
        Call = "call",
        CaseClause = "case_clause",
        CasePattern = "case_pattern",
        Chevron = "chevron",
        ClassDefinition = "class_definition",
        ClassPattern = "class_pattern",
        Comma = ",",
        Comment = "comment",
        ComparisonOperator = "comparison_operator",
        ConcatenatedString = "concatenated_string",
        ConditionalExpression = "conditional_expression",
        ConstrainedType = "constrained_type",
        ContinueStatement = "continue_statement",
        DecoratedDefinition = "decorated_definition",
        Decorator = "decorator",
        DefaultParameter = "default_parameter",
        DeleteStatement = "delete_statement",
        Dictionary = "dictionary",
        DictionaryComprehension = "dictionary_comprehension",
        DictionarySplat = "dictionary_splat",
        DictionarySplatPattern = "dictionary_splat_pattern",
        DottedName = "dotted_name",
        ElifClause = "elif_clause",
        Ellipsis = "ellipsis",
        ElseClause = "else_clause",
        ExceptClause = "except_clause",
        ExecStatement = "exec_statement",
        ExpressionList = "expression_list",
        ExpressionStatement = "expression_statement",
        False = "false",
        FinallyClause = "finally_clause",
        Float = "float",
        ForInClause = "for_in_clause",
        ForStatement = "for_statement",
        FunctionDefinition = "function_definition",
        FutureImportStatement = "future_import_statement",
        GeneratorExpression = "generator_expression",
        GenericType = "generic_type",
        GlobalStatement = "global_statement",
        Identifier = "identifier",
        IfClause = "if_clause",
        IfStatement = "if_statement",
        ImportFromStatement = "import_from_statement",
        ImportPrefix = "import_prefix",
        ImportStatement = "import_statement",
        Integer = "integer",
        Interpolation = "interpolation",
        KeywordArgument = "keyword_argument",
        KeywordPattern = "keyword_pattern",
        KeywordSeparator = "keyword_separator",
        Lambda = "lambda",
        LineContinuation = "line_continuation",
        List = "list",
        ListComprehension = "list_comprehension",
        ListPattern = "list_pattern",
        ListSplat = "list_splat",
        ListSplatPattern = "list_splat_pattern",
        MatchStatement = "match_statement",
        MemberType = "member_type",
        NamedExpression = "named_expression",
        None = "none",
        NonlocalStatement = "nonlocal_statement",
        NotOperator = "not_operator",
        Pair = "pair",
        ParenthesizedExpression = "parenthesized_expression",
        PassStatement = "pass_statement",
        PatternList = "pattern_list",
        PositionalSeparator = "positional_separator",
        PrintStatement = "print_statement",
        RaiseStatement = "raise_statement",
        RelativeImport = "relative_import",
        ReturnStatement = "return_statement",
        Set = "set",
        SetComprehension = "set_comprehension",
        Slice = "slice",
        SliceColon = ":",
        SplatType = "splat_type",
        String = "string",
        StringContent = "string_content",
        StringEnd = "string_end",
        StringStart = "string_start",
        Subscript = "subscript",
        True = "true",
        TryStatement = "try_statement",
        Tuple = "tuple",
        TuplePattern = "tuple_pattern",
        Type = "type",
        TypeAliasStatement = "type_alias_statement",
        TypeParameter = "type_parameter",
        TypedDefaultParameter = "typed_default_parameter",
        TypedParameter = "typed_parameter",
        UnaryOperator = "unary_operator",
        UnionType = "union_type",
        WhileStatement = "while_statement",
        WildcardImport = "wildcard_import",
        WithClause = "with_clause",
        WithItem = "with_item",
        WithStatement = "with_statement",
        Yield = "yield",
        // Operators.
        Add = "+",
        Subtract = "-",
        Multiply = "*",
        Divide = "/",
        FloorDivide = "//",
        Modulo = "%",
        Power = "**",
        MatrixMultiply = "@",
        ShiftLeft = "<<",
        ShiftRight = ">>",
        BitAnd = "&",
        BitOr = "|",
        BitXor = "^",
        Invert = "~",
        AddAssign = "+=",
        SubtractAssign = "-=",
        MultiplyAssign = "*=",
        DivideAssign = "/=",
        FloorDivideAssign = "//=",
        ModuloAssign = "%=",
        PowerAssign = "**=",
        MatrixMultiplyAssign = "@=",
        ShiftLeftAssign = "<<=",
        ShiftRightAssign = ">>=",
        BitAndAssign = "&=",
        BitOrAssign = "|=",
        BitXorAssign = "^=",
        And = "and",
        Or = "or",
        Equal = "==",
        NotEqual = "!=",
        NotEqualPython2 = "<>",
        Less = "<",
        LessEqual = "<=",
        Greater = ">",
        GreaterEqual = ">=",
        In = "in",
        NotIn = "not in",
        Is = "is",
        IsNot = "is not",
    }
}

grammar_names! {
    /// Fields of nodes.
    Field {
        Alias = "alias",
        Alternative = "alternative",
        Argument = "argument",
        Arguments = "arguments",
        Attribute = "attribute",
        Body = "body",
        Code = "code",
        Condition = "condition",
        Consequence = "consequence",
        Definition = "definition",
        Expression = "expression",
        Function = "function",
        Guard = "guard",
        Key = "key",
        Left = "left",
        ModuleName = "module_name",
        Name = "name",
        Object = "object",
        Operator = "operator",
        Operators = "operators",
        Parameters = "parameters",
        ReturnType = "return_type",
        Right = "right",
        Subject = "subject",
        Subscript = "subscript",
        Superclasses = "superclasses",
        Type = "type",
        Value = "value",
    }
}

/// The grammar of Python with its numbers resolved.
pub(super) struct Grammar {
    pub(super) language: Language,
    /// Kinds by symbol number; several symbols may share a name.
    kinds: Vec<Kind>,
    /// Fields by field number.
    fields: Vec<Field>,
}

/// The grammar. Its first use panics if a name above is not in the linked grammar: `names_are_known` says which.
pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let (grammar, unknown) = Grammar::resolve();
    assert!(unknown.is_empty(), "the grammar knows no {unknown:?}");
    grammar
});

impl Grammar {
    /// The grammar, and the names that it does not know.
    fn resolve() -> (Self, Vec<&'static str>) {
        let language = Language::from(tree_sitter_python::LANGUAGE);
        let mut kinds = vec![Kind::Other; language.node_kind_count()];
        let mut fields = vec![Field::Other; language.field_count() + 1];
        let mut unknown = Vec::new();
        for &(kind, name) in Kind::NAMES {
            let mut is_known = false;
            for id in (0..kinds.len()).filter(|&id| language.node_kind_for_id(id as u16) == Some(name)) {
                // `type` and `lambda` are kinds of nodes and keywords; only nodes matter.
                let is_node = language.node_kind_is_named(id as u16);
                if is_node || !is_node_name(name) {
                    kinds[id] = kind;
                    is_known = true;
                }
            }
            unknown.extend((!is_known).then_some(name));
        }
        for &(field, name) in Field::NAMES {
            match language.field_id_for_name(name) {
                Some(id) => fields[usize::from(id.get())] = field,
                None => unknown.push(name),
            }
        }
        (Self { language, kinds, fields }, unknown)
    }

    /// The kind of nodes with this symbol number.
    pub(super) fn kind(&self, id: u16) -> Kind {
        // The number of error nodes is the largest there is.
        self.kinds.get(usize::from(id)).copied().unwrap_or(Kind::Other)
    }

    /// The field with this number; [`Field::Other`] for children without a field.
    pub(super) fn field(&self, id: Option<NonZeroU16>) -> Field {
        id.and_then(|id| self.fields.get(usize::from(id.get()))).copied().unwrap_or(Field::Other)
    }
}

/// Whether the grammar uses `name` for a node and for the keyword in it.
fn is_node_name(name: &str) -> bool {
    matches!(name, "type" | "lambda" | "yield" | "await")
}

#[cfg(test)]
mod tests {
    use super::Grammar;

    #[test]
    fn names_are_known() {
        assert_eq!(Grammar::resolve().1, Vec::<&str>::new());
    }
}
