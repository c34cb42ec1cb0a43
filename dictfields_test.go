package godwit

import (
	"testing"

	"godwit/emit/postgres/helpers"
	"godwit/ir/catalog"
	"godwit/ir/dialect"
	"godwit/ir/resolve/plsql"
	"godwit/ir/source"
)

// TestFieldsOfRows holds that fields of rows of the data dictionary which the target's view lacks are refused, of elements too: in maps they
// were NULL.
func TestFieldsOfRows(t *testing.T) {
	for text, refused := range map[string]bool{
		"c all_tab_columns%ROWTYPE; BEGIN c.data_default := 'A'; END;":                                                                true,
		"TYPE tt IS TABLE OF all_tab_columns%ROWTYPE INDEX BY PLS_INTEGER; m tt; BEGIN DBMS_OUTPUT.PUT_LINE(m(1).data_default); END;": true,
		"TYPE tt IS TABLE OF all_tab_columns%ROWTYPE INDEX BY PLS_INTEGER; m tt; BEGIN DBMS_OUTPUT.PUT_LINE(m(1).column_name); END;":  false,
		"c all_tab_columns%ROWTYPE; BEGIN c.nullable := 'A'; DBMS_OUTPUT.PUT_LINE(c.nullable); END;":                                  false,
	} {
		f := source.NewFile("a.sql", "CREATE OR REPLACE PROCEDURE p IS\n"+text+"\n/\n")
		c, err := Convert([]*source.File{f}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range c.Findings() {
			if f.Code == "NM0353" || f.Code == "PL0522" {
				got += f.Code
			}
		}
		if (got != "") != refused {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// TestDictionaryViewsAreThere holds that each view of the data dictionary that queries may read has its view at the target: without one
// nothing of the folder could be written.
func TestDictionaryViewsAreThere(t *testing.T) {
	for name, view := range plsql.New(&catalog.Catalog{}).SystemTables() {
		if _, err := helpers.Source(helpers.Oracle, view.Target); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
