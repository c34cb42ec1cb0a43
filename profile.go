package godwit

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Profile is what the values of the source's columns are, as a script of ProfileScript has counted them there.
type Profile struct {
	columns map[[3]string]*profiled // by schema ("" if the line gives none), table and column
}

// profiled is a column of a profile.
type profiled struct {
	line int
	used bool
}

// profileHead is the first line of a profile.
var profileHead = []string{"schema", "table", "column", "rows", "fractions", "least", "most"}

// maxProfiled is the largest number that a column which becomes an integer of 64 bits may hold: 18 digits, so that there is room for more.
var maxProfiled = new(big.Int).Sub(new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil), big.NewInt(1))

// ReadProfile reads a profile: lines of comma-separated values under the head schema,table,column,rows,fractions,least,most, where rows counts
// the values that are not NULL and fractions those of them that are not whole. Only columns with rows, without fractions and with at most
// 18 digits count. Errors name the line.
func ReadProfile(r io.Reader) (*Profile, error) {
	in := csv.NewReader(r)
	in.TrimLeadingSpace, in.FieldsPerRecord, in.ReuseRecord = true, len(profileHead), true
	p := &Profile{columns: map[[3]string]*profiled{}}
	head := false
	for {
		rec, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read profile: %w (want lines of %s)", err, strings.Join(profileHead, ","))
		}
		line, _ := in.FieldPos(0)
		if !head {
			for i, want := range profileHead {
				if !strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(rec[i], "\ufeff")), want) {
					return nil, fmt.Errorf("read profile: line %d: the head is not %s", line, strings.Join(profileHead, ","))
				}
			}
			head = true
			continue
		}
		if err := p.add(rec, line); err != nil {
			return nil, fmt.Errorf("read profile: line %d: %w", line, err)
		}
	}
	if !head {
		return nil, errors.New("read profile: it is empty")
	}
	return p, nil
}

func (p *Profile) add(rec []string, line int) error {
	var key [3]string
	for i := range key {
		key[i] = strings.ToUpper(strings.TrimSpace(rec[i]))
	}
	if key[1] == "" || key[2] == "" {
		return errors.New("a table or column has no name")
	}
	if was := p.columns[key]; was != nil {
		return fmt.Errorf("column %s of %s stands in line %d already", rec[2], rec[1], was.line)
	}
	rows, err := wholeField(rec[3], "rows")
	if err != nil {
		return err
	}
	if rows.Sign() == 0 { // nothing is known of its values
		return nil
	}
	fractions, err := wholeField(rec[4], "fractions")
	if err != nil || fractions.Sign() != 0 {
		return err
	}
	for i, name := range []string{"least", "most"} {
		v, err := wholeField(rec[5+i], name)
		if err != nil {
			return err
		}
		if v.CmpAbs(maxProfiled) > 0 {
			return nil
		}
	}
	p.columns[key] = &profiled{line: line}
	return nil
}

// wholeField reads a number; one that is longer than the script shows is shown as ####.
func wholeField(text, name string) (*big.Int, error) {
	if text != "" && strings.Trim(text, "#") == "" {
		return new(big.Int).Add(maxProfiled, maxProfiled), nil
	}
	v, ok := new(big.Int).SetString(strings.TrimSpace(text), 10)
	if !ok {
		return nil, fmt.Errorf("%s is %q: a whole number is wanted, written with its digits", name, text)
	}
	return v, nil
}

// whole tells a column of whole numbers of at most 18 digits.
func (p *Profile) whole(t *catalog.Table, column string) bool {
	for _, schema := range []string{t.Schema, ""} {
		if c := p.columns[[3]string{strings.ToUpper(schema), strings.ToUpper(t.Name), strings.ToUpper(column)}]; c != nil {
			c.used = true
			return true
		}
	}
	return false
}

// unknownProfiled is told of lines of a profile that nothing is done with.
var unknownProfiled = &diag.Code{
	ID: "TY0702", Title: "Line of the profile that names no column", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "The profile tells of a column that the input does not define, so that the line changes nothing: the name is written otherwise, or the profile is of another schema.",
	Next: "Compare the schema, table and column of the line with the definitions.",
}

// unused are findings about lines that name no column.
func (p *Profile) unused() (l diag.List) {
	var keys [][3]string
	for k, c := range p.columns {
		if !c.used {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b [3]string) int { return p.columns[a].line - p.columns[b].line })
	for _, k := range keys {
		l.Add(unknownProfiled.New(source.Span{}, "line %d of the profile: there is no column %s of %s", p.columns[k].line, k[2], k[1]))
	}
	return l
}

// ProfileScript is a SQL*Plus script that writes a profile of the columns of the catalog which are numbers without digits: the only ones whose
// type does not tell that they are whole. It reads a table once for each such column, and prints
// the profile, which SPOOL or the shell keeps.
func ProfileScript(cat *catalog.Catalog) string {
	var b strings.Builder
	b.WriteString("SET HEADING OFF FEEDBACK OFF PAGESIZE 0 LINESIZE 4000 TRIMSPOOL ON VERIFY OFF DEFINE OFF\nWHENEVER SQLERROR CONTINUE\n")
	fmt.Fprintf(&b, "PROMPT %s\n", strings.Join(profileHead, ","))
	for _, t := range cat.Tables() {
		if t.Kind != catalog.BaseTable {
			continue
		}
		for _, c := range t.Columns {
			d, number := c.Type.(types.Decimal)
			if !number || c.Dropped || c.AutoIncrement || d.Scale != 0 || d.Integral() {
				continue
			}
			name := oracleName(c.Name)
			from := oracleName(t.Name)
			if t.Schema != "" {
				from = oracleName(t.Schema) + "." + from
			}
			fmt.Fprintf(&b, "SELECT '%s,%s,%s,' || TO_CHAR(COUNT(%[4]s)) || ',' || TO_CHAR(COUNT(CASE WHEN %[4]s <> TRUNC(%[4]s) THEN 1 END)) || ',' ||\n"+
				"  TO_CHAR(NVL(TRUNC(MIN(%[4]s)), 0), 'FM%[6]s0') || ',' || TO_CHAR(NVL(TRUNC(MAX(%[4]s)), 0), 'FM%[6]s0') FROM %[5]s;\n",
				inText(t.Schema), inText(t.Name), inText(c.Name), name, from, strings.Repeat("9", 39))
		}
	}
	return b.String()
}

// oracleName is a name in quotes.
func oracleName(s string) string { return `"` + s + `"` }

// inText is a name within a CSV field within a text.
func inText(s string) string {
	if strings.ContainsAny(s, `",`+"\n") {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return strings.ReplaceAll(s, "'", "''")
}
