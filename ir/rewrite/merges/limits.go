package merges

import (
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// unlimited tells that a column takes any value of its class as it is.
func unlimited(c *catalog.Column) bool {
	switch t := c.Type.(type) {
	case types.Decimal:
		return t.Precision == 0
	case types.Text:
		return !t.Fixed
	case types.Float, types.Bool:
		return true
	}
	return false
}
