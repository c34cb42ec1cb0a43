package rules

import (
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/altertable"
	"godwit/ir/rewrite/checks"
	"godwit/ir/rewrite/columndefaults"
	"godwit/ir/rewrite/columntypes"
	"godwit/ir/rewrite/comments"
	"godwit/ir/rewrite/constraintstates"
	"godwit/ir/rewrite/createtable"
	"godwit/ir/rewrite/ddlcommit"
	"godwit/ir/rewrite/defaultonnull"
	"godwit/ir/rewrite/drops"
	"godwit/ir/rewrite/foreignkeys"
	"godwit/ir/rewrite/generated"
	"godwit/ir/rewrite/grants"
	"godwit/ir/rewrite/identity"
	"godwit/ir/rewrite/immutable"
	"godwit/ir/rewrite/indexkinds"
	"godwit/ir/rewrite/keys"
	"godwit/ir/rewrite/materializedviews"
	"godwit/ir/rewrite/onupdatenow"
	"godwit/ir/rewrite/partitions"
	"godwit/ir/rewrite/partnulls"
	"godwit/ir/rewrite/readonlyviews"
	"godwit/ir/rewrite/resulttables"
	"godwit/ir/rewrite/sequences"
	"godwit/ir/rewrite/sessiontables"
	"godwit/ir/rewrite/synonyms"
	"godwit/ir/rewrite/tablestorage"
	"godwit/ir/rewrite/views"
)

// definitions lists the rules for definitions.
func definitions() []*rewrite.Rule {
	return []*rewrite.Rule{
		createtable.Rule, foreignkeys.Rule, keys.Rule, partitions.Rule, partitions.Selection, partitions.LateKeys, checks.Rule, comments.Rule,
		columndefaults.Rule, identity.Rule, onupdatenow.Rule, generated.Rule, immutable.Rule, columntypes.Rule,
		altertable.Rule, tablestorage.Rule(), indexkinds.Rule(), sessiontables.Rule(), drops.Rule, views.Rule, readonlyviews.Rule(), materializedviews.Rule(), synonyms.Rule(), constraintstates.Rule(), defaultonnull.Rule(), partnulls.Rule(), sequences.Rule, grants.Rule, ddlcommit.Rule, resulttables.Rule,
	}
}
