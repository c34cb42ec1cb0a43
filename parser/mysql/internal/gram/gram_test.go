package gram

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

const grammars = "../../../../grammars/mysql/"

func TestGeneratedCodeIsFresh(t *testing.T) {
	h := sha256.New()
	for _, f := range []string{"MySQLParser.g4", "MySQLTokens.tokens"} {
		d, err := os.ReadFile(grammars + f)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(d)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != GrammarHash {
		t.Errorf("the grammar was changed: run go generate in parser/mysql/internal/gram")
	}
}

// The budget of decisions that need more than one token of lookahead. The hot paths have two: INTO behind a select list,
// and what follows an argument.
func TestLookaheadBudget(t *testing.T) {
	d, err := os.ReadFile("mysql_parser.go")
	if err != nil {
		t.Fatal(err)
	}
	const budget = 36
	if n := strings.Count(string(d), "AdaptivePredict("); n > budget {
		t.Errorf("%d decisions need prediction, %d are allowed: left-factor, or let the token source decide", n, budget)
	}
	for _, hot := range []string{"Expr", "Operand", "BinTail", "Primary", "Ref", "Postfix", "Literal", "ExprList", "Args", "SelectItem", "TableRef", "TableFactor", "StmtList", "Stmt"} {
		body := method(string(d), hot)
		if body == "" {
			t.Errorf("no rule %s", hot)
		}
		if strings.Contains(body, "AdaptivePredict(") {
			t.Errorf("rule %s is on the hot path and needs prediction", hot)
		}
	}
}

func TestFewKeywords(t *testing.T) {
	if n := len(SymbolicNames()) - MySQLParserADD; n > 170 {
		t.Errorf("%d keyword tokens; further words are identifiers, told by their text", n)
	}
}

func method(src, name string) string {
	i := strings.Index(src, "\nfunc (p *MySQLParser) "+name+"() ")
	if i < 0 {
		return ""
	}
	j := strings.Index(src[i+1:], "\n}\n")
	return src[i : i+1+j]
}
