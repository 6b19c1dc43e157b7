using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Testing.Naive;

namespace Sluice.Core.Tests.Access;

/// <summary>Types as a platform reads them: the generators leave them as they are spelled.</summary>
internal static class TypedColumns
{
    public static GovernedObject Typed(this GovernedObject governed) => governed with
    {
        Columns = governed.Columns.Select(static c => c with { Family = FamilyOf(ColumnKinds.Of(c.Type)) }).ToValueList(),
    };

    private static ColumnFamily FamilyOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => ColumnFamily.Text,
        ColumnKind.Integer => ColumnFamily.Integer,
        ColumnKind.Numeric => ColumnFamily.Number,
        ColumnKind.Date => ColumnFamily.Date,
        ColumnKind.Timestamp => ColumnFamily.Time,
        ColumnKind.Boolean => ColumnFamily.Boolean,
        _ => ColumnFamily.Other,
    };
}
