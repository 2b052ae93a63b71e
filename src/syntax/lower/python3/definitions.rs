//! Functions, classes and their parameters.

use ruff_python_ast::{self as ast, ArgOrKeyword, Arguments, Decorator, Parameters, StmtClassDef, StmtFunctionDef};

use super::Reader;
use crate::syntax::hir::{Argument, ArgumentKind, ClassDef, ExprId, FunctionDef, Parameter, ParameterKind, Stmt, StmtId};

impl Reader<'_> {
    pub(super) fn function(&mut self, node: &StmtFunctionDef) -> Option<StmtId> {
        let decorators = self.each(&node.decorator_list, Self::decorator)?;
        self.yields.push(false);
        let parameters = self.parameters(&node.parameters)?;
        let returns = match &node.returns {
            Some(returns) => Some(self.annotation(returns)?),
            None => None,
        };
        let body = self.block(&node.body)?;
        let is_generator = self.yields.pop().unwrap_or(false);
        let name = self.name(&node.name);
        let function = FunctionDef { name, parameters, body, decorators, returns, is_async: node.is_async, is_generator };
        Some(self.lowered.add_definition(Stmt::Function(function), self.span(node), self.span(&node.name)))
    }

    pub(super) fn class(&mut self, node: &StmtClassDef) -> Option<StmtId> {
        let decorators = self.each(&node.decorator_list, Self::decorator)?;
        let bases = match &node.arguments {
            Some(arguments) => self.arguments(arguments)?,
            None => Vec::new(),
        };
        let body = self.block(&node.body)?;
        let class = ClassDef { name: self.name(&node.name), bases, decorators, body };
        Some(self.lowered.add_definition(Stmt::Class(class), self.span(node), self.span(&node.name)))
    }

    fn decorator(&mut self, node: &Decorator) -> Option<ExprId> {
        self.expr(&node.expression)
    }

    /// The arguments of a call or class.
    pub(super) fn arguments(&mut self, node: &Arguments) -> Option<Vec<Argument>> {
        let mut arguments = Vec::with_capacity(node.args.len() + node.keywords.len());
        for argument in node.iter_source_order() {
            arguments.push(match argument {
                // The parentheses of the call are those of the generator.
                ArgOrKeyword::Arg(ast::Expr::Generator(generator)) if !generator.parenthesized => {
                    let value = self.generator(generator, self.span(node))?;
                    Argument { kind: ArgumentKind::Positional, value }
                }
                ArgOrKeyword::Arg(ast::Expr::Starred(starred)) => Argument { kind: ArgumentKind::Star, value: self.expr(&starred.value)? },
                ArgOrKeyword::Arg(value) => Argument { kind: ArgumentKind::Positional, value: self.expr(value)? },
                ArgOrKeyword::Keyword(keyword) => {
                    let kind = keyword.arg.as_ref().map_or(ArgumentKind::DoubleStar, |name| ArgumentKind::Keyword(self.name(name)));
                    Argument { kind, value: self.expr(&keyword.value)? }
                }
            });
        }
        Some(arguments)
    }

    /// The parameters of a function or lambda.
    pub(super) fn parameters(&mut self, node: &Parameters) -> Option<Vec<Parameter>> {
        let mut parameters = Vec::with_capacity(node.posonlyargs.len() + node.args.len() + node.kwonlyargs.len());
        for (kind, group) in [(ParameterKind::PositionalOnly, &node.posonlyargs), (ParameterKind::Normal, &node.args)] {
            for with_default in group {
                parameters.push(self.parameter(kind, &with_default.parameter, with_default.default.as_deref())?);
            }
        }
        if let Some(star) = &node.vararg {
            parameters.push(self.parameter(ParameterKind::VarArgs, star, None)?);
        }
        for with_default in &node.kwonlyargs {
            parameters.push(self.parameter(ParameterKind::KeywordOnly, &with_default.parameter, with_default.default.as_deref())?);
        }
        if let Some(stars) = &node.kwarg {
            parameters.push(self.parameter(ParameterKind::KwArgs, stars, None)?);
        }
        Some(parameters)
    }

    fn parameter(&mut self, kind: ParameterKind, node: &ast::Parameter, default: Option<&ast::Expr>) -> Option<Parameter> {
        let annotation = match &node.annotation {
            Some(annotation) => Some(self.annotation(annotation)?),
            None => None,
        };
        let default = self.optional(default)?;
        Some(Parameter { name: self.name(&node.name), kind, default, annotation })
    }
}
