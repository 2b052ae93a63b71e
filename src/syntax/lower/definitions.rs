//! Functions, classes and their parameters.

use super::cursor::Lowering;
use super::grammar::{Field, Kind};
use crate::syntax::Name;
use crate::syntax::hir::{ClassDef, ExprId, FunctionDef, Parameter, ParameterKind, Span, Stmt, StmtId};

impl Lowering<'_> {
    /// A definition with its decorators.
    pub(super) fn decorated(&mut self) -> StmtId {
        let span = self.span();
        let (mut decorators, mut definition) = (Vec::new(), None);
        self.each_child(|this, child| match child.kind {
            Kind::Decorator => decorators.push(this.only_child()),
            Kind::FunctionDefinition => definition = Some(this.function(std::mem::take(&mut decorators), span)),
            Kind::ClassDefinition => definition = Some(this.class(std::mem::take(&mut decorators), span)),
            _ => {}
        });
        definition.unwrap_or_else(|| self.add_stmt(Stmt::Missing, span))
    }

    /// A function; `span` includes its decorators.
    pub(super) fn function(&mut self, decorators: Vec<ExprId>, span: Span) -> StmtId {
        let (mut name, mut parameters, mut body) = (None, Vec::new(), Vec::new());
        let (mut returns, mut is_async) = (None, false);
        self.yields.push(false);
        self.each_child(|this, child| match child.field {
            Field::Name => name = Some((this.name(), this.span())),
            Field::Parameters => parameters = this.parameters(),
            Field::ReturnType => returns = Some(this.expr()),
            Field::Body => body = this.block(),
            _ => is_async |= child.kind == Kind::Async,
        });
        let is_generator = self.yields.pop().unwrap_or(false);
        let Some((name, place)) = name else { return self.add_stmt(Stmt::Missing, span) };
        let function = FunctionDef { name, parameters, body, decorators, returns, is_async, is_generator };
        self.add_definition(Stmt::Function(function), span, place)
    }

    /// A class; `span` includes its decorators.
    pub(super) fn class(&mut self, decorators: Vec<ExprId>, span: Span) -> StmtId {
        let (mut name, mut bases, mut body) = (None, Vec::new(), Vec::new());
        self.each_child(|this, child| match child.field {
            Field::Name => name = Some((this.name(), this.span())),
            Field::Superclasses => bases = this.arguments(),
            Field::Body => body = this.block(),
            _ => {}
        });
        let Some((name, place)) = name else { return self.add_stmt(Stmt::Missing, span) };
        self.add_definition(Stmt::Class(ClassDef { name, bases, decorators, body }), span, place)
    }

    /// The parameters of a function or lambda.
    pub(super) fn parameters(&mut self) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut kind = ParameterKind::Normal;
        self.each_child(|this, child| match child.kind {
            Kind::PositionalSeparator => {
                parameters.iter_mut().for_each(|parameter| parameter.kind = ParameterKind::PositionalOnly);
            }
            Kind::KeywordSeparator => kind = ParameterKind::KeywordOnly,
            _ if child.is_named => {
                let parameter = this.parameter(kind);
                if parameter.kind == ParameterKind::VarArgs {
                    kind = ParameterKind::KeywordOnly;
                }
                parameters.push(parameter);
            }
            _ => {}
        });
        parameters
    }

    /// One parameter, of `kind` unless it has stars.
    fn parameter(&mut self, kind: ParameterKind) -> Parameter {
        let mut parameter = Parameter { name: Name::new(""), kind, default: None, annotation: None };
        match self.kind() {
            Kind::TypedParameter | Kind::TypedDefaultParameter | Kind::DefaultParameter => {
                self.each_child(|this, child| match child.field {
                    Field::Type => parameter.annotation = Some(this.expr()),
                    Field::Value => parameter.default = Some(this.expr()),
                    _ if child.is_named => this.name_parameter(&mut parameter),
                    _ => {}
                });
            }
            _ => self.name_parameter(&mut parameter),
        }
        parameter
    }

    /// `name`, `*name`, `**name`; nothing for Python 2's tuples.
    fn name_parameter(&mut self, parameter: &mut Parameter) {
        match self.kind() {
            Kind::Identifier => parameter.name = self.name(),
            Kind::ListSplatPattern => parameter.kind = ParameterKind::VarArgs,
            Kind::DictionarySplatPattern => parameter.kind = ParameterKind::KwArgs,
            _ => return,
        }
        self.each_child(|this, child| {
            if child.kind == Kind::Identifier {
                parameter.name = this.name();
            }
        });
    }
}
