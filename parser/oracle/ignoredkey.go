package oracle

import (
	"regexp"
	"strings"

	"godwit/ir"
)

// ignoreHint is IGNORE_ROW_ON_DUPKEY_INDEX(table, index) or (table (columns)), alone in its hint (SQL Language Reference, Hints).
var ignoreHint = regexp.MustCompile(`^(?i)(?:/\*\+|--\+)\s*IGNORE_ROW_ON_DUPKEY_INDEX\s*\(\s*([A-Z][\w$#]*)\s*(?:[,\s]\s*([A-Z][\w$#]*)|,?\s*\(([^()]*)\))\s*\)\s*(?:\*/)?\s*$`)

// ignoredKey takes the hint that lets an INSERT skip rows whose key is there; nil without one, or with one that is not understood.
func (p *parser) ignoredKey(i int) ([]string, *ir.IgnoredKey) {
	hints := p.hints(i)
	if len(hints) != 1 {
		return hints, nil
	}
	m := ignoreHint.FindStringSubmatch(hints[0])
	if m == nil {
		return hints, nil
	}
	k := &ir.IgnoredKey{Table: strings.ToUpper(m[1]), Index: strings.ToUpper(m[2])}
	for _, c := range strings.FieldsFunc(m[3], func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }) {
		k.Columns = append(k.Columns, strings.ToUpper(c))
	}
	return hints, k
}
