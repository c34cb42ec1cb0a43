package oracle

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// tokens are the tokens of a text with the names of their kinds.
func tokens(text string) string {
	var l lexer
	ts := l.lex(source.NewFile("x", text), 0, len(text))
	var out []string
	for i := range ts.List {
		t := &ts.List[i]
		switch {
		case t.Kind == kEOF:
		case t.Kind >= kAll:
			out = append(out, kindName(t.Kind))
		default:
			out = append(out, ts.Text(t)+":"+strings.Trim(kindName(t.Kind), `"`))
		}
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{"SELECT a$b, c#1 FROM x_y", "SELECT a$b:a name ,:, c#1:a name FROM x_y:a name"},
		{`"Mixed Case"."b"`, `"Mixed Case":a quoted name .:. "b":a quoted name`},
		{"'it''s' N'x' q'[it's]' Q'{a}' nq'!b!' q'é'é'", "'it''s':a string N'x':a string q'[it's]':a string Q'{a}':a string nq'!b!':a string q'é'é':a string"},
		{"1 1.5 .5 1. 1e5 1.5E-3 2f 3.5D 1..5", "1:a number 1.5:a number .5:a number 1.:a number 1e5:a number 1.5E-3:a number 2f:a number 3.5D:a number 1:a number ..:.. 5:a number"},
		{"1 from", "1:a number FROM"},
		{"a := b => c ** d", "a:a name :=::= b:a name =>:=> c:a name **:** d:a name"},
		{"a != b <> c ^= d ~= e < > f < = g", "a:a name !=:<> b:a name <>:<> c:a name ^=:<> d:a name ~=:<> e:a name < >:<> f:a name < =:<= g:a name"},
		{"<<l>> a || b", "<<:<< l:a name >>:>> a:a name ||:|| b:a name"},
		{"a.b(+) = c.d ( + )", "a:a name .:. b:a name (+):(+) =:= c:a name .:. d:a name ( + ):(+)"},
		{"t@link.x", "t:a name @:@ link:a name .:. x:a name"},
		{":a :1 :\"x\" :new.b ?", ":a:a bind variable :1:a bind variable :\"x\":a bind variable :new:a bind variable .:. b:a name ?:?"},
		{"c%FOUND t.x%TYPE r%ROWTYPE a.delete", "c:a name %:% FOUND:a name t:a name .:. x:a name %:% TYPE:a name r:a name %:% ROWTYPE:a name a:a name .:. delete:a name"},
		{"$IF $$f $THEN x $END", "$IF:a directive $$f:an inquiry directive $THEN:a directive x:a name $END:a directive"},
		{"'open", "'open:a character that begins no word"},
		{"a -- b\n c /* d */ e", "a:a name c:a name e:a name"},
		{"q'[open", "q'[open:a character that begins no word"},
	} {
		if got := tokens(x.text); got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", x.text, got, x.want)
		}
	}
}

func TestTexts(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{"'it''s'", "it's"}, {"q'[it's]'", "it's"}, {"Q'{a}b'c}'", "a}b'c"}, {"q'!say \"x\"!'", `say "x"`}, {"nq'<d'd>'", "d'd"}, {"N'x'", "x"}, {"''", ""}, {"q'éaé'", "a"},
		{"q'[]'", ""},
	} {
		if got := decodeString(x.text); got != x.want {
			t.Errorf("%s: got %q, want %q", x.text, got, x.want)
		}
	}
}

func TestHintsAreAside(t *testing.T) {
	var l lexer
	text := "SELECT /*+ FULL(d) */ 1, --+ RULE\n 2 /* c */ FROM dual"
	ts := l.lex(source.NewFile("x", text), 0, len(text))
	var hints []bool
	for _, c := range ts.Comments {
		hints = append(hints, c.Hint)
	}
	if fmt.Sprint(hints) != "[true true false]" {
		t.Errorf("hints: %v", hints)
	}
}

// compiled are the tokens that conditional compilation leaves, or the message of its finding.
func compiled(text, flags string) string {
	var l lexer
	ts := l.lex(source.NewFile("x", text), 0, len(text))
	if c, _, message := compile(ts, dialect.Settings{ccflags: flags}, dialect.Version{}, nil); c != nil {
		return c.ID + " " + message
	}
	var out []string
	for i := range ts.List[:len(ts.List)-1] {
		out = append(out, ts.Text(&ts.List[i]))
	}
	for _, c := range ts.Comments {
		out = append(out, fmt.Sprintf("%s@%d", ts.File.Text[c.Start:c.End], c.Before))
	}
	return strings.Join(out, " ")
}

func TestConditionalCompilation(t *testing.T) {
	for _, x := range []struct{ text, flags, want string }{
		{"a $IF $$f $THEN b $ELSE c $END d", "f:true", "a b d"},
		{"a $IF $$f $THEN b $ELSE c $END d", "", "a c d"},
		{"$IF $$n = 1 $THEN a $ELSIF $$n > 1 $THEN b $ELSE c $END", "n:2", "b"},
		{"$IF $$n IS NULL AND NOT $$f $THEN a $END", "f:FALSE", "a"},
		{"$IF DBMS_DB_VERSION.VERSION >= 12 $THEN a $END $IF SYS.DBMS_DB_VERSION.VER_LE_11_2 $THEN b $END $IF DBMS_DB_VERSION.VER_LE_19 $THEN c $END", "", "a c"},
		{"$IF TRUE $THEN a $IF FALSE $THEN b $ELSE c $END $ELSE d $IF $$x $THEN e $END $END f", "", "a c f"},
		{"$IF pkg.debug $THEN a $END", "", "SY0315 the value of PKG.DEBUG is not known"},
		{"$IF TRUE $THEN $ERROR 'x' $END $END", "", "SY0316 the branch that is compiled holds $ERROR"},
		{"$IF FALSE $THEN $ERROR 'x' $END $END a", "", "a"},
		{"a /* 1 */ $IF FALSE $THEN /* 2 */ b /* 3 */ $END /* 4 */ c", "", "a c /* 1 */@1 /* 4 */@1"},
		{"$IF TRUE $THEN a", "", "SY0300 syntax error: expected $END"},
		{"a $END", "", "SY0300 a directive without $IF"},
	} {
		if got := compiled(x.text, x.flags); got != x.want {
			t.Errorf("%s (%s):\n got %s\nwant %s", x.text, x.flags, got, x.want)
		}
	}
}

// TestLexerSpeed reads a large script; GODWIT_SPEED asks for the figure.
func TestLexerSpeed(t *testing.T) {
	if os.Getenv("GODWIT_SPEED") == "" {
		t.Skip("GODWIT_SPEED is not set")
	}
	var b strings.Builder
	for b.Len() < 20<<20 {
		b.WriteString("  v_total := nvl(p_amount, 0) + l_emp.salary * 1.25; -- a remark\n  SELECT COUNT(*) INTO l_count FROM employees e WHERE e.department_id = p_dept AND e.last_name LIKE 'A%';\n")
	}
	f := source.NewFile("x", b.String())
	var l lexer
	l.lex(f, 0, len(f.Text))
	start := time.Now()
	l.lex(f, 0, len(f.Text))
	t.Logf("lexer: %.0f MB/s", float64(len(f.Text))/1e6/time.Since(start).Seconds())
	start = time.Now()
	var sp splitter
	text := strings.ReplaceAll(f.Text[:4<<20], ":=", "=")
	for pos := 0; ; {
		p, ok, _ := sp.cut(text, pos, true)
		if !ok {
			break
		}
		pos = p.next
	}
	t.Logf("splitter: %.0f MB/s", float64(len(text))/1e6/time.Since(start).Seconds())
	start = time.Now()
	block := "BEGIN\n" + f.Text[:4<<20] + "END;\n/\n"
	sp.cut(block, 0, true)
	t.Logf("splitter in blocks: %.0f MB/s", float64(len(block))/1e6/time.Since(start).Seconds())
}
