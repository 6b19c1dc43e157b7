using Sluice.Core.Catalog;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>One entry of ListPermissions.</summary>
/// <param name="Principal">Who has it.</param>
/// <param name="Resource">On what.</param>
/// <param name="Granted">What it may do.</param>
/// <param name="Grantable">What it may grant.</param>
/// <param name="IsConditional">Whether it holds only under a condition, such as a tag of the principal's.</param>
internal sealed record LakePermission(
    string Principal, LakeResource Resource, LakePermissions Granted, LakePermissions Grantable, bool IsConditional = false)
{
    /// <summary>Who changed it last; null when the answer does not say.</summary>
    public string? MadeBy { get; init; }
}

/// <summary>What a permission is on.</summary>
internal abstract record LakeResource
{
    /// <summary>Whose catalog; null when the answer does not say.</summary>
    public string? CatalogId { get; init; }

    internal sealed record Catalog : LakeResource;

    internal sealed record Database(string Name) : LakeResource;

    /// <summary>A table, or every table of the database when <paramref name="Name"/> is null.</summary>
    internal sealed record Table(string DatabaseName, string? Name) : LakeResource;

    /// <summary>Only some columns of a table.</summary>
    internal sealed record SomeColumns(string DatabaseName, string? Name) : LakeResource
    {
        /// <summary>Which columns are meant, or with <see cref="IsExcluding"/> which are not.</summary>
        public IReadOnlyList<string> Columns { get; init; } = [];

        /// <summary>Whether all columns but these are meant.</summary>
        public bool IsExcluding { get; init; }
    }

    /// <summary>Everything whose LF-Tags match all parts of the expression.</summary>
    internal sealed record TagPolicy(bool OfTables, IReadOnlyList<LFTag> Expression) : LakeResource
    {
        /// <summary>Whether an object's own tags match, those of its columns left aside.</summary>
        public bool Matches(IReadOnlyList<ObjectTag> tags) => Matches(tags, withColumns: false);

        /// <summary>Whether an object or one of its columns may match. A column has the tags of its table but for those it overrides.</summary>
        public bool MayMatchInPart(IReadOnlyList<ObjectTag> tags) => Matches(tags, withColumns: true);

        private bool Matches(IReadOnlyList<ObjectTag> tags, bool withColumns)
        {
            foreach (var part in Expression)
            {
                var met = false;
                foreach (var tag in tags)
                {
                    met = (withColumns || tag.Column is null) && tag.Key == part.Key && part.Values.Contains(tag.Value, StringComparer.Ordinal);
                    if (met) break;
                }

                if (!met) return false;
            }

            return true;
        }
    }

    /// <summary>A data cells filter: some rows and columns of a table.</summary>
    internal sealed record SomeCells(string DatabaseName, string TableName) : LakeResource;

    /// <summary>An LF-Tag with some of its values, <c>*</c> for all: by itself it opens no table to be read.</summary>
    internal sealed record TagValues(string Key, IReadOnlyList<string> Values) : LakeResource;

    /// <summary>A saved expression of LF-Tags or a data location: by itself it opens no table to be read.</summary>
    internal sealed record NoData : LakeResource;

    /// <summary>A kind that Sluice doesn't know, or one it can't make out: it may be any object.</summary>
    internal sealed record Other : LakeResource;
}
