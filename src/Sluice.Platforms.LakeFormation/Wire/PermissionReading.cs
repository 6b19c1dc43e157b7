using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Reads the answers of ListPermissions and GetDataLakeSettings.</summary>
internal sealed class PermissionReading(LakePool pool)
{
    // This is how Lake Formation lists a grant on every table of a database when columns are involved (SELECT always is).
    private const string AllTables = "ALL_TABLES";

    public Page<LakePermission> Permissions(ref Utf8JsonReader reader)
    {
        var permissions = new List<LakePermission>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("PrincipalResourcePermissions"u8))
            {
                if (!reader.EnterList()) continue;
                while (reader.NextItem()) permissions.Add(Permission(ref reader));
            }
            else if (reader.ValueTextEquals("NextToken"u8)) token = reader.NextToken();
            else reader.SkipValue();
        }

        return new Page<LakePermission>(permissions, token);
    }

    /// <summary>The data lake administrators named by GetDataLakeSettings.</summary>
    public IReadOnlyList<string> Administrators(ref Utf8JsonReader reader)
    {
        var administrators = new List<string>();
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("DataLakeSettings"u8)) reader.SkipValue();
            else if (reader.EnterObject()) ReadAdministrators(ref reader, administrators);
        }

        return administrators;
    }

    private void ReadAdministrators(ref Utf8JsonReader reader, List<string> administrators)
    {
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("DataLakeAdmins"u8))
            {
                reader.SkipValue();
                continue;
            }

            if (!reader.EnterList()) continue;
            while (reader.NextItem())
                if (PrincipalMembers(ref reader, pool) is { } principal) administrators.Add(principal);
        }
    }

    /// <summary>A DataLakePrincipal, the reader being on the member's name.</summary>
    public static string? Principal(ref Utf8JsonReader reader, LakePool pool) =>
        reader.EnterObject() ? PrincipalMembers(ref reader, pool) : null;

    private static string? PrincipalMembers(ref Utf8JsonReader reader, LakePool pool)
    {
        string? principal = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("DataLakePrincipalIdentifier"u8)) principal = reader.NextText(pool);
            else reader.SkipValue();
        }

        return principal;
    }

    private LakePermission Permission(ref Utf8JsonReader reader)
    {
        string? principal = null;
        LakeResource resource = new LakeResource.Other();
        LakePermissions granted = default, grantable = default;
        var conditional = false;
        string? madeBy = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Principal"u8)) principal = Principal(ref reader, pool);
            else if (reader.ValueTextEquals("Resource"u8)) resource = Resource(ref reader);
            else if (reader.ValueTextEquals("Permissions"u8)) granted = LakePermissionNames.Next(ref reader);
            else if (reader.ValueTextEquals("PermissionsWithGrantOption"u8)) grantable = LakePermissionNames.Next(ref reader);
            else if (reader.ValueTextEquals("Condition"u8)) conditional = IsPresent(ref reader);
            else if (reader.ValueTextEquals("LastUpdatedBy"u8)) madeBy = reader.NextText(pool);
            else reader.SkipValue();
        }

        return new LakePermission(principal ?? "", resource, granted, grantable, conditional) { MadeBy = madeBy };
    }

    private LakeResource Resource(ref Utf8JsonReader reader)
    {
        LakeResource resource = new LakeResource.Other();
        if (!reader.EnterObject()) return resource;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Catalog"u8)) resource = Members(ref reader, m => new LakeResource.Catalog { CatalogId = m.Id }) ?? resource;
            else if (reader.ValueTextEquals("Database"u8))
                resource = Members(ref reader, m => m.Name is null ? null : new LakeResource.Database(m.Name) { CatalogId = m.Catalog }) ?? resource;
            else if (reader.ValueTextEquals("Table"u8)) resource = Members(ref reader, Table) ?? resource;
            else if (reader.ValueTextEquals("TableWithColumns"u8)) resource = Members(ref reader, TableWithColumns) ?? resource;
            else if (reader.ValueTextEquals("LFTagPolicy"u8)) resource = Members(ref reader, TagPolicy) ?? resource;
            else if (reader.ValueTextEquals("DataCellsFilter"u8)) resource = Members(ref reader, Cells) ?? resource;
            else if (reader.ValueTextEquals("LFTag"u8)) resource = Members(ref reader, TagValues) ?? resource;
            else if (reader.ValueTextEquals("LFTagExpression"u8) || reader.ValueTextEquals("DataLocation"u8))
                resource = Members(ref reader, m => new LakeResource.NoData { CatalogId = m.Catalog }) ?? resource;
            else reader.SkipValue();
        }

        return resource;
    }

    private static LakeResource? Table(ResourceMembers m) =>
        m.Database is null || (m.Name is null && !m.TableWildcard)
            ? null
            : new LakeResource.Table(m.Database, m.Name is null or AllTables ? null : m.Name) { CatalogId = m.Catalog };

    private static LakeResource? TableWithColumns(ResourceMembers m)
    {
        if (m.Database is null || m.Name is null) return null;
        var table = m.Name == AllTables ? null : m.Name;
        return m.AllColumns
            ? new LakeResource.Table(m.Database, table) { CatalogId = m.Catalog }
            : new LakeResource.SomeColumns(m.Database, table) { CatalogId = m.Catalog, Columns = m.Columns, IsExcluding = m.IsExcluding };
    }

    private static LakeResource? Cells(ResourceMembers m) =>
        m.Database is null || m.TableName is null ? null : new LakeResource.SomeCells(m.Database, m.TableName) { CatalogId = m.Catalog };

    private static LakeResource TagValues(ResourceMembers m) => m.TagKey is null
        ? new LakeResource.NoData { CatalogId = m.Catalog }
        : new LakeResource.TagValues(m.TagKey, m.TagValues) { CatalogId = m.Catalog };

    // A saved expression is named, not spelled out: what it matches is not known, so it may be anything.
    private static LakeResource? TagPolicy(ResourceMembers m) =>
        m.ResourceType is null || m.Expression.Count == 0
            ? null
            : new LakeResource.TagPolicy(m.ResourceType == "TABLE", m.Expression) { CatalogId = m.Catalog };

    private LakeResource? Members(ref Utf8JsonReader reader, Func<ResourceMembers, LakeResource?> resource)
    {
        var m = new ResourceMembers();
        if (!reader.EnterObject()) return null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Id"u8)) m.Id = reader.NextText(pool);
            else if (reader.ValueTextEquals("CatalogId"u8) || reader.ValueTextEquals("TableCatalogId"u8)) m.Catalog = reader.NextText(pool);
            else if (reader.ValueTextEquals("Name"u8)) m.Name = reader.NextText();
            else if (reader.ValueTextEquals("TableName"u8)) m.TableName = reader.NextText();
            else if (reader.ValueTextEquals("DatabaseName"u8)) m.Database = reader.NextText(pool);
            else if (reader.ValueTextEquals("TableWildcard"u8)) m.TableWildcard = IsPresent(ref reader);
            else if (reader.ValueTextEquals("ColumnWildcard"u8)) ReadWildcard(ref reader, m);
            else if (reader.ValueTextEquals("ColumnNames"u8)) m.Columns = reader.NextTexts(pool);
            else if (reader.ValueTextEquals("ResourceType"u8)) m.ResourceType = reader.NextText(pool);
            else if (reader.ValueTextEquals("TagKey"u8)) m.TagKey = reader.NextText(pool);
            else if (reader.ValueTextEquals("TagValues"u8)) m.TagValues = reader.NextTexts(pool);
            else if (reader.ValueTextEquals("Expression"u8)) m.Expression = TagReading.NextTags(ref reader, pool);
            else reader.SkipValue();
        }

        return resource(m);
    }

    private static bool IsPresent(ref Utf8JsonReader reader)
    {
        reader.SkipValue();
        return reader.TokenType != JsonTokenType.Null;
    }

    private void ReadWildcard(ref Utf8JsonReader reader, ResourceMembers m)
    {
        if (!reader.EnterObject()) return;
        m.IsExcluding = true;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("ExcludedColumnNames"u8)) m.Columns = reader.NextTexts(pool);
            else reader.SkipValue();
        }

        m.AllColumns = m.Columns.Count == 0;
    }

    private sealed class ResourceMembers
    {
        public string? Id { get; set; }

        public string? Catalog { get; set; }

        public string? Name { get; set; }

        public string? TableName { get; set; }

        public string? Database { get; set; }

        public bool TableWildcard { get; set; }

        public bool AllColumns { get; set; }

        public bool IsExcluding { get; set; }

        public IReadOnlyList<string> Columns { get; set; } = [];

        public string? ResourceType { get; set; }

        public string? TagKey { get; set; }

        public IReadOnlyList<string> TagValues { get; set; } = [];

        public IReadOnlyList<LFTag> Expression { get; set; } = [];
    }
}
