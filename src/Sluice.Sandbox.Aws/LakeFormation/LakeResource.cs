using System.Collections.Immutable;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Something Lake Formation grants permissions on.</summary>
internal abstract record LakeResource
{
    /// <summary>Equal for equal resources, however the request spelled them.</summary>
    public abstract string Key { get; }

    /// <summary>What the grants on one securable are found under: a table's and its columns' are one.</summary>
    public virtual string Scope => Key;

    public abstract LakePermissions Grantable { get; }

    /// <summary>The names ResourceType filters by.</summary>
    public abstract string Type { get; }

    protected const char Break = '\n';
}

internal sealed record WholeCatalog : LakeResource
{
    public override string Key => "catalog";

    public override LakePermissions Grantable => LakePermissions.OnCatalog;

    public override string Type => "CATALOG";
}

internal sealed record NamedDatabase(string Name) : LakeResource
{
    public override string Key => $"database{Break}{Name}";

    public override LakePermissions Grantable => LakePermissions.OnDatabase;

    public override string Type => "DATABASE";
}

internal sealed record NamedTable(string Database, string Name) : LakeResource
{
    public override string Key => $"table{Break}{Database}{Break}{Name}";

    public override LakePermissions Grantable => LakePermissions.OnTable;

    public override string Type => "TABLE";
}

internal sealed record AllTables(string Database) : LakeResource
{
    /// <summary>The name AWS answers for the wildcard.</summary>
    public const string WireName = "ALL_TABLES";

    public override string Key => $"tables{Break}{Database}";

    public override LakePermissions Grantable => LakePermissions.OnTable;

    public override string Type => "TABLE";
}

/// <summary>Some columns of a table: those included, or all but those excluded.</summary>
internal sealed record TableColumns(string Database, string Table, ImmutableSortedSet<string> Columns, bool Excluded) : LakeResource
{
    public override string Key => $"columns{Break}{Database}{Break}{Table}{Break}{(Excluded ? '-' : '+')}{string.Join(',', Columns)}";

    public override string Scope => new NamedTable(Database, Table).Key;

    public override LakePermissions Grantable => LakePermissions.Select;

    public override string Type => "TABLE";

    public bool Covers(string column) => Columns.Contains(column) != Excluded;
}

internal sealed record DataLocation(string Arn) : LakeResource
{
    public override string Key => $"location{Break}{Arn}";

    public override LakePermissions Grantable => LakePermissions.DataLocationAccess;

    public override string Type => "DATA_LOCATION";
}

/// <summary>An LF-Tag with some of its values, "*" for all.</summary>
internal sealed record TagValues(string TagKey, ImmutableSortedSet<string> Values) : LakeResource
{
    public override string Key => $"tag{Break}{TagKey}{Break}{string.Join('|', Values)}";

    public override LakePermissions Grantable => LakePermissions.OnTag;

    public override string Type => "LF_TAG";

    public bool Covers(string value) => Values.Contains("*") || Values.Contains(value);
}

/// <summary>Whatever databases or tables an expression matches, now and later.</summary>
internal sealed record TagPolicy(bool OnTables, TagExpression Expression) : LakeResource
{
    public override string Key => $"policy{Break}{(OnTables ? "TABLE" : "DATABASE")}{Break}{Expression.Text}";

    public override LakePermissions Grantable => OnTables ? LakePermissions.OnTable : LakePermissions.OnDatabase;

    public override string Type => OnTables ? "LF_TAG_POLICY_TABLE" : "LF_TAG_POLICY_DATABASE";
}
