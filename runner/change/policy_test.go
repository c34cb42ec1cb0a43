package change

import (
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/ir/types"
)

func policyTable() *catalog.Table {
	col := func(name string, t types.Type, nullable bool) *catalog.Column {
		return &catalog.Column{Name: name, Target: name, Type: t, Nullable: nullable}
	}
	t := &catalog.Table{Schema: "shop", Name: "orders", Columns: []*catalog.Column{
		col("id", types.Int{}, false), col("code", types.Text{N: 5}, true), col("name", types.Text{N: 5}, true), col("due", types.Date{}, false), col("shipped", types.DateTime{}, true),
		{Name: "twice", Type: types.Text{N: 5}, Generated: catalog.Stored},
	}}
	t.Keys = []*catalog.Key{{Kind: catalog.Primary, Parts: []catalog.KeyPart{{Column: "id"}}}, {Kind: catalog.Unique, Parts: []catalog.KeyPart{{Column: "code", Prefix: 2}}}}
	return t
}

func TestPolicyOf(t *testing.T) {
	p := Policy{ZeroDates: "null", InvalidText: "replace", Columns: map[string]Policy{"shop.orders.due": {ZeroDates: "0001-01-01"}, "shop.orders.name": {NUL: "strip", InvalidText: Stop}}}
	for column, want := range map[string][3]string{
		"shipped": {"null", Stop, "replace"}, "due": {"0001-01-01", Stop, "replace"}, "name": {"null", "strip", Stop},
		"code": {"null", Stop, Stop}, // of a unique key
	} {
		if got := p.Of(policyTable(), column); [3]string{got.ZeroDates, got.NUL, got.InvalidText} != want {
			t.Errorf("%s: %+v", column, got)
		}
	}
}

// TestPolicyFits has one mistake at a time; each is told with the line's key and the next step.
func TestPolicyFits(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Policy
		want string
	}{
		{"shop.orders.shipped", Policy{ZeroDates: "null"}, ""},
		{"shop.orders.due", Policy{ZeroDates: "0001-01-01"}, ""},
		{"shop.orders.name", Policy{NUL: "strip", InvalidText: "replace"}, ""},
		{"shop.orders.code", Policy{NUL: "strip", InvalidText: Stop}, ""},
		{"shop.orders.due", Policy{ZeroDates: "null"}, "values.columns.shop.orders.due: zero_dates: null is not possible for a column that is NOT NULL"},
		{"shop.orders.name", Policy{ZeroDates: "null"}, "values.columns.shop.orders.name: zero_dates is for dates"},
		{"shop.orders.due", Policy{NUL: "strip"}, "nul is for text"},
		{"shop.orders.id", Policy{InvalidText: "replace"}, "invalid_text is for text"},
		{"shop.orders.code", Policy{InvalidText: "replace"}, "primary or unique key"},
		{"shop.orders.twice", Policy{NUL: "strip"}, "generated"},
		{"shop.orders.ship", Policy{ZeroDates: "null"}, "values.columns.shop.orders.ship: is no column"},
		{"Shop.Orders.Shipped", Policy{ZeroDates: "null"}, "as on the source: shop.orders.shipped"},
		{"orders.shipped", Policy{ZeroDates: "null"}, "schema.table.column"},
	} {
		err := Policy{Columns: map[string]Policy{c.name: c.p}}.Fits([]*catalog.Table{policyTable()})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %+v: %v", c.name, c.p, err)
		}
	}
}

func TestPolicyValidate(t *testing.T) {
	err := Policy{ZeroDates: "never", NUL: "x", InvalidText: "ignore", Columns: map[string]Policy{"a.b.c": {NUL: "drop"}}}.Validate()
	for _, want := range []string{"values.zero_dates: ", "values.nul: ", "values.invalid_text: ", "values.columns.a.b.c: nul: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
	if err := (Policy{}).Validate(); err != nil {
		t.Error(err)
	}
}
