package godwit

import (
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestCircularTypes holds that types that hold collections of themselves are refused, with all that names them.
func TestCircularTypes(t *testing.T) {
	const script = `CREATE TYPE t;
/
CREATE TYPE t_list AS TABLE OF t;
/
CREATE TYPE t AS OBJECT (id NUMBER, kids t_list);
/
CREATE TABLE uses (a NUMBER, o t);
INSERT INTO uses (a) VALUES (1);
CREATE FUNCTION f(x t) RETURN NUMBER IS BEGIN RETURN x.id; END;
/
CREATE TYPE el AS OBJECT (a NUMBER, MEMBER FUNCTION m RETURN NUMBER) NOT FINAL;
/
CREATE TYPE el_arr AS TABLE OF el;
/
CREATE TYPE lst UNDER el (data el_arr);
/
CREATE TYPE BODY el AS MEMBER FUNCTION m RETURN NUMBER IS BEGIN RETURN a; END; END;
/
CREATE TYPE holder AS OBJECT (x NUMBER, e el);
/
CREATE TYPE plain AS OBJECT (x NUMBER);
/`
	files := []*source.File{source.NewFile("types.sql", script)}
	opt := Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15}
	for name, f := range map[string]func([]*source.File, Options) (*Conversion, error){"translate": Translate, "convert": Convert} {
		c, err := f(files, opt)
		if err != nil {
			t.Fatal(err)
		}
		for i, u := range c.Units[2:] { // behind the declaration and its collection
			plain := i == len(c.Units)-3
			if refused := u.Status == diag.Refused; refused == plain {
				t.Errorf("%s: refused is %v: %s", name, refused, u.Text)
			}
		}
	}
}
