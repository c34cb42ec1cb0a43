package scan

import (
	"github.com/antlr4-go/antlr/v4"
)

// Stream is an antlr.TokenStream over a slice.
type Stream struct {
	toks []Token
	pos  int
}

var _ antlr.TokenStream = (*Stream)(nil)

// NewStream makes a stream of tokens that end with antlr.TokenEOF.
func NewStream(ts *Tokens) *Stream { return &Stream{toks: ts.List} }

// Consume steps over the current token.
func (s *Stream) Consume() {
	if s.pos < len(s.toks)-1 {
		s.pos++
	}
}

func (s *Stream) at(k int) int {
	i := s.pos + k
	if k > 0 {
		i--
	}
	if i >= len(s.toks) {
		i = len(s.toks) - 1
	}
	return i
}

// LA is the type of the k-th token ahead.
func (s *Stream) LA(k int) int {
	if i := s.at(k); i >= 0 {
		return s.toks[i].Type
	}
	return antlr.TokenInvalidType
}

// LT is the k-th token ahead, or behind for a negative k.
func (s *Stream) LT(k int) antlr.Token {
	if i := s.at(k); i >= 0 {
		return &s.toks[i]
	}
	return nil
}

// Mark needs no bookkeeping: all tokens are there.
func (s *Stream) Mark() int { return 0 }

// Release undoes Mark.
func (s *Stream) Release(int) {}

// Index is the position of the current token.
func (s *Stream) Index() int { return s.pos }

// Seek moves to a position.
func (s *Stream) Seek(i int) { s.pos = i }

// Size is the number of tokens.
func (s *Stream) Size() int { return len(s.toks) }

// Reset goes back to the start.
func (s *Stream) Reset() { s.pos = 0 }

// Get is the token at an index.
func (s *Stream) Get(i int) antlr.Token { return &s.toks[i] }

// GetSourceName is not used.
func (s *Stream) GetSourceName() string { return "" }

// GetTokenSource is not used.
func (s *Stream) GetTokenSource() antlr.TokenSource { return nil }

// SetTokenSource is not used.
func (s *Stream) SetTokenSource(antlr.TokenSource) {}

// GetAllText is not used.
func (s *Stream) GetAllText() string { return "" }

// GetTextFromInterval is not used.
func (s *Stream) GetTextFromInterval(antlr.Interval) string { return "" }

// GetTextFromRuleContext is not used.
func (s *Stream) GetTextFromRuleContext(antlr.RuleContext) string { return "" }

// GetTextFromTokens is not used.
func (s *Stream) GetTextFromTokens(antlr.Token, antlr.Token) string { return "" }
