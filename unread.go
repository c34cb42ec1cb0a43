package godwit

import (
	"slices"

	"godwit/ir/diag"
)

// Unread counts the statements that the source's parser could make nothing of, and those that there are. Where both are the same the
// input is hardly a script of that dialect.
func (c *Conversion) Unread() (unread, all int) {
	for _, u := range c.Units {
		all++
		if u.Status == diag.Refused && slices.ContainsFunc(u.Findings, func(f diag.Finding) bool { return slices.Contains(unreadCodes, f.Code) }) {
			unread++
		}
	}
	for _, n := range c.RowsLeft {
		all += n
	}
	return unread, all
}

// unreadCodes are syntax errors and bytes of another charset, of MySQL and of Oracle.
var unreadCodes = []string{"SY0001", "SY0003", "SY0300", "SY0302"}
