package oracle

import (
	"os"
	"strings"
	"testing"

	"godwit/ir"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// seeds are scripts that the fuzzers begin with.
func seeds(f *testing.F) {
	for _, path := range oracleScripts(f) {
		if b, err := os.ReadFile(path); err == nil && len(b) < 20000 {
			f.Add(string(b))
		}
	}
	for _, s := range []string{
		"CREATE OR REPLACE PACKAGE BODY k IS\n x NUMBER := 1;\n PROCEDURE p(a IN OUT NOCOPY VARCHAR2) IS BEGIN NULL; EXCEPTION WHEN OTHERS THEN RAISE; END;\nEND k;\n/\n",
		"DEFINE a = b\nSELECT &a, &&b. FROM t WHERE x(+) = :y AND z = q'[a]' -- c\n/\n/\nEXEC p(1, -\n2)\n@@x\n",
		"BEGIN\n$IF $$x $THEN a; $ELSIF TRUE $THEN b; $ELSE $ERROR 'x' $END $END\nEND;\n/\n",
		"CREATE TABLE t (a NUMBER(*,2) DEFAULT ON NULL 1, b AS (a) VIRTUAL) PARTITION BY RANGE (a) INTERVAL (1) (PARTITION p VALUES LESS THAN (MAXVALUE));",
		"SELECT LEVEL, CAST(MULTISET(SELECT 1 FROM dual) AS t) FROM t START WITH a = 1 CONNECT BY NOCYCLE PRIOR a = b FOR UPDATE SKIP LOCKED;",
		"'", "\"", "q'[", "/*", "<<", "$IF", "&", "&&", ":", "@", "EXEC", "SET DEFINE ''", "CREATE", "ALTER TABLE t", "/\n/\n.\n", "WITH FUNCTION f RETURN NUMBER IS", "\x00\xff", "\xEF\xBB\xBF",
	} {
		f.Add(s)
	}
}

func FuzzSplit(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		checkSplit(t, "fuzz", text)
		want := strings.Join(cuts(text), "\n")
		var sp splitter
		for pos, eof := 0, false; ; { // what is cut does not depend on how much is seen at a time
			seen := min(len(text), pos+64)
			for {
				eof = seen == len(text)
				p, ok, more := sp.cut(text[:seen], pos, eof)
				if more {
					if eof {
						t.Fatalf("more is asked for at the end of %q", text)
					}
					seen = min(len(text), seen*2+1)
					continue
				}
				if !ok {
					return
				}
				s := strings.Join(strings.Fields(text[p.first:p.end]), " ")
				if !strings.Contains(want, s) {
					t.Fatalf("in pieces %q is cut, which is none of\n%s", s, want)
				}
				pos = p.next
				break
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		us, err := Parse(source.NewFile("x.sql", text), scan.Options{Dialect: dialect.Oracle, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range us {
			if len(u.Stmts) != 1 {
				t.Fatalf("%d statements in a unit of %q", len(u.Stmts), text)
			}
			for _, x := range u.Findings {
				if x.Code == codeInternal.ID {
					t.Fatalf("%q: %s", text, x.Message)
				}
			}
			if _, bad := u.Stmts[0].(*ir.Unsupported); bad && len(u.Findings) == 0 {
				t.Fatalf("%q is refused without a finding", u.Span.Text())
			}
		}
	})
}
