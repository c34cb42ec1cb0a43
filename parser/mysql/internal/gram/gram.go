// Package gram is the generated parser of grammars/mysql/MySQLParser.g4, and what is added to it by hand.
//
//go:generate sh generate.sh
package gram

import (
	"github.com/antlr4-go/antlr/v4"

	"godwit/parser/scan"
)

// MaxDepth is the number of nested rules that the parser follows: some 3,000 nested parentheses.
const MaxDepth = 24000

// EnterRule stops hostile input before the stack does. It shadows the method of the embedded parser.
func (p *MySQLParser) EnterRule(ctx antlr.ParserRuleContext, state, rule int) {
	p.depth++
	if p.depth > MaxDepth {
		panic(&scan.SyntaxError{TooDeep: true, Token: current(p)})
	}
	p.BaseParser.EnterRule(ctx, state, rule)
}

// ExitRule undoes EnterRule.
func (p *MySQLParser) ExitRule() {
	p.depth--
	p.BaseParser.ExitRule()
}

func current(p *MySQLParser) *scan.Token {
	t, _ := p.GetCurrentToken().(*scan.Token)
	return t
}

// New makes a parser over the tokens: SLL only, no listeners, stopping at the first error.
func New(ts *scan.Tokens) *MySQLParser {
	p := NewMySQLParser(scan.NewStream(ts))
	p.RemoveErrorListeners()
	p.SetErrorHandler(scan.NewStrategy())
	p.GetInterpreter().SetPredictionMode(antlr.PredictionModeSLL)
	return p
}

// SymbolicNames are the names of the token types.
func SymbolicNames() []string {
	MySQLParserInit()
	return MySQLParserParserStaticData.SymbolicNames
}
