package scan

import (
	"sort"
	"strings"

	"github.com/antlr4-go/antlr/v4"
)

// SyntaxError is the first error of a unit. Strategy panics with it; the parser's barrier recovers it.
type SyntaxError struct {
	Token    *Token
	Expected []string // names of what could have stood there, sorted; nil if too many
	TooDeep  bool     // the input is nested more deeply than the parser follows
}

func (e *SyntaxError) Error() string {
	if e.TooDeep {
		return "nested too deeply"
	}
	near := "end of statement"
	if e.Token.Type != antlr.TokenEOF {
		near = "\"" + e.Token.Text + "\""
	}
	if len(e.Expected) == 0 {
		return "unexpected " + near
	}
	return "unexpected " + near + ", expected " + strings.Join(e.Expected, " or ")
}

// maxExpected is the number of alternatives that a message still names.
const maxExpected = 6

// Strategy stops at the first error. The runtime's BailErrorStrategy does the same but panics with a plain string.
type Strategy struct{ *antlr.DefaultErrorStrategy }

// NewStrategy makes a Strategy.
func NewStrategy() *Strategy { return &Strategy{antlr.NewDefaultErrorStrategy()} }

// Sync does nothing: there is no recovery within a unit.
func (s *Strategy) Sync(antlr.Parser) {}

// ReportError does nothing; Recover raises.
func (s *Strategy) ReportError(antlr.Parser, antlr.RecognitionException) {}

// RecoverInline raises the error.
func (s *Strategy) RecoverInline(p antlr.Parser) antlr.Token {
	s.fail(p, p.GetCurrentToken())
	return nil
}

// Recover raises the error.
func (s *Strategy) Recover(p antlr.Parser, e antlr.RecognitionException) {
	t := p.GetCurrentToken()
	if e != nil && e.GetOffendingToken() != nil {
		t = e.GetOffendingToken()
	}
	s.fail(p, t)
}

func (s *Strategy) fail(p antlr.Parser, t antlr.Token) {
	tok, _ := t.(*Token)
	if tok == nil {
		tok = &Token{Type: antlr.TokenEOF}
	}
	panic(&SyntaxError{Token: tok, Expected: expected(p)})
}

// expected names the tokens that the parser could have taken, if they are few.
func expected(p antlr.Parser) []string {
	set := p.GetExpectedTokens()
	if set == nil || set.GetIntervals() == nil {
		return nil
	}
	names := p.GetSymbolicNames()
	var out []string
	for _, iv := range set.GetIntervals() {
		for k := iv.Start; k < iv.Stop; k++ {
			if len(out) >= maxExpected {
				return nil
			}
			switch {
			case k == antlr.TokenEOF:
				out = append(out, "end of statement")
			case k > 0 && k < len(names):
				out = append(out, names[k])
			}
		}
	}
	sort.Strings(out)
	return out
}
