package plsql_test

import "testing"

// TestKeysBetweenTypes resolves foreign keys that join columns no number type is common to.
func TestKeysBetweenTypes(t *testing.T) {
	units, _ := load(t, "keys.sql", `
CREATE TABLE a (x NUMBER PRIMARY KEY, w NUMBER(9) UNIQUE);
CREATE TABLE b (y VARCHAR2(10) REFERENCES a (x), z NUMBER(9) REFERENCES a (w));
CREATE TABLE c (y DATE REFERENCES a (x), z VARCHAR2(4) REFERENCES a (w));
`)
	if len(units) != 3 {
		t.Errorf("%d units", len(units))
	}
}
