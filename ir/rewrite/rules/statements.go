package rules

import (
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/aggregates"
	"godwit/ir/rewrite/assignmentorder"
	"godwit/ir/rewrite/autoincrement"
	"godwit/ir/rewrite/columndefault"
	"godwit/ir/rewrite/columnlabels"
	"godwit/ir/rewrite/connectby"
	"godwit/ir/rewrite/countergaps"
	"godwit/ir/rewrite/derivedaliases"
	"godwit/ir/rewrite/dictionary"
	"godwit/ir/rewrite/errorlogs"
	"godwit/ir/rewrite/explicitcollations"
	"godwit/ir/rewrite/foundrows"
	"godwit/ir/rewrite/groupids"
	"godwit/ir/rewrite/having"
	"godwit/ir/rewrite/ignoredkeys"
	"godwit/ir/rewrite/implicitdefault"
	"godwit/ir/rewrite/indexable"
	"godwit/ir/rewrite/insertcolumns"
	"godwit/ir/rewrite/insertignore"
	"godwit/ir/rewrite/insertreferences"
	"godwit/ir/rewrite/joineddelete"
	"godwit/ir/rewrite/joinedupdate"
	"godwit/ir/rewrite/joinviews"
	"godwit/ir/rewrite/jsondocuments"
	"godwit/ir/rewrite/jsontables"
	"godwit/ir/rewrite/laterals"
	"godwit/ir/rewrite/laxgroup"
	"godwit/ir/rewrite/limit"
	"godwit/ir/rewrite/limitedchange"
	"godwit/ir/rewrite/lockingread"
	"godwit/ir/rewrite/merges"
	"godwit/ir/rewrite/multiinserts"
	"godwit/ir/rewrite/nextvalues"
	"godwit/ir/rewrite/nullcolumns"
	"godwit/ir/rewrite/nullorder"
	"godwit/ir/rewrite/nvl"
	"godwit/ir/rewrite/onduplicate"
	"godwit/ir/rewrite/orderalias"
	"godwit/ir/rewrite/outerjoins"
	"godwit/ir/rewrite/partitionedjoins"
	"godwit/ir/rewrite/percents"
	"godwit/ir/rewrite/pivots"
	"godwit/ir/rewrite/queryhints"
	"godwit/ir/rewrite/recursivecolumns"
	"godwit/ir/rewrite/replace"
	"godwit/ir/rewrite/returnedaggregates"
	"godwit/ir/rewrite/rowids"
	"godwit/ir/rewrite/rownums"
	"godwit/ir/rewrite/searches"
	"godwit/ir/rewrite/selfreferences"
	"godwit/ir/rewrite/systemtables"
	"godwit/ir/rewrite/unioncolumns"
	"godwit/ir/rewrite/visiblecolumns"
	"godwit/ir/rewrite/xmltables"
)

// statements lists the rules for statements.
func statements() []*rewrite.Rule {
	return append([]*rewrite.Rule{
		outerjoins.Rule(), connectby.Rule(), searches.Rule(), laterals.Rule(), nvl.Rule(), nextvalues.Rule(), joinviews.Rule(), rowids.Rule(), groupids.Rule(), partitionedjoins.Rule(), ignoredkeys.Rule(), percents.Rule(), merges.Rule(), pivots.Rule(), jsontables.Rule(), xmltables.Rule(), jsondocuments.Rule(), errorlogs.Rule(), multiinserts.Rule(), returnedaggregates.Rule(), rownums.Rule(), derivedaliases.Rule(),
		aggregates.Rule(), recursivecolumns.Rule(), unioncolumns.Rule(), nullcolumns.Rule(), explicitcollations.Rule(), nullorder.Rule(), queryhints.Rule(), having.Rule(), orderalias.Rule(), limit.Rule(), columnlabels.Rule(), lockingread.Rule(),
		assignmentorder.Rule(), foundrows.Rule(), insertcolumns.Rule(), laxgroup.Rule(),
		implicitdefault.Rule(), insertignore.Rule(), onduplicate.Rule(), replace.Rule(), selfreferences.Rule(),
		joinedupdate.Rule(), joineddelete.Rule(), limitedchange.Rule(), columndefault.Rule(), insertreferences.Rule(), visiblecolumns.Rule(),
		systemtables.Rule(), dictionary.Rule(), indexable.Rule(),
	}, spoken(rewrite.PSM, autoincrement.Rule(), countergaps.Rule())...)
}
