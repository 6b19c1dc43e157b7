using System.Text.Json;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>Reads the answers about grants, owners, row filters and column masks.</summary>
internal static class GovernedReading
{
    /// <summary>A page of GET /permissions (https://docs.databricks.com/api/uc-grants/v1/get-permissions).</summary>
    public static Page<PrivilegeAssignment> Assignments(ref Utf8JsonReader reader)
    {
        var items = new List<PrivilegeAssignment>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("next_page_token"u8)) token = reader.NextToken();
            else if (!reader.ValueTextEquals("privilege_assignments"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) items.Add(Assignment(ref reader));
        }

        return new Page<PrivilegeAssignment>(items, token);
    }

    /// <summary>A page of GET /tables, for what protects a table.</summary>
    public static Page<GovernedTable> Tables(ref Utf8JsonReader reader)
    {
        var items = new List<GovernedTable>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("next_page_token"u8)) token = reader.NextToken();
            else if (!reader.ValueTextEquals("tables"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) items.Add(Table(ref reader));
        }

        return new Page<GovernedTable>(items, token);
    }

    /// <summary>The owner of a catalog or schema.</summary>
    public static string Owner(ref Utf8JsonReader reader)
    {
        string? owner = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("owner"u8)) owner = reader.NextText();
            else reader.SkipValue();
        }

        return owner ?? "";
    }

    private static PrivilegeAssignment Assignment(ref Utf8JsonReader reader)
    {
        string? principal = null;
        var privileges = new List<string>();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("principal"u8)) principal = reader.NextText();
            else if (!reader.ValueTextEquals("privileges"u8)) reader.SkipValue();
            else Texts(ref reader, privileges);
        }

        return new PrivilegeAssignment(principal ?? "", privileges);
    }

    private static GovernedTable Table(ref Utf8JsonReader reader)
    {
        string? name = null, id = null, owner = null;
        AttachedFunction? filter = null;
        var masks = new Dictionary<string, AttachedFunction>(StringComparer.Ordinal);
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("table_id"u8)) id = reader.NextText();
            else if (reader.ValueTextEquals("owner"u8)) owner = reader.NextText();
            else if (reader.ValueTextEquals("row_filter"u8)) filter = Attached(ref reader, "input_column_names"u8, "input_arguments"u8);
            else if (!reader.ValueTextEquals("columns"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) Column(ref reader, masks);
        }

        return new GovernedTable(name ?? throw new JsonException(), id, owner, filter, masks);
    }

    private static void Column(ref Utf8JsonReader reader, Dictionary<string, AttachedFunction> masks)
    {
        string? name = null;
        AttachedFunction? mask = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("mask"u8)) mask = Attached(ref reader, "using_column_names"u8, "using_arguments"u8);
            else reader.SkipValue();
        }

        if (mask is not null) masks[name ?? throw new JsonException()] = mask;
    }

    private static AttachedFunction? Attached(ref Utf8JsonReader reader, ReadOnlySpan<byte> columnNames, ReadOnlySpan<byte> arguments)
    {
        if (!reader.EnterObject()) return null;
        string? function = null;
        var columns = new List<string>();
        var named = new List<string>();
        var isPlain = true;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("function_name"u8)) function = reader.NextText();
            else if (reader.ValueTextEquals(columnNames)) Texts(ref reader, columns);
            else if (!reader.ValueTextEquals(arguments)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) isPlain &= Argument(ref reader, named);
        }

        return new AttachedFunction(function ?? "", named.Count > 0 ? named : columns, isPlain);
    }

    // An argument is a column or a constant.
    private static bool Argument(ref Utf8JsonReader reader, List<string> columns)
    {
        string? column = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("column"u8)) column = reader.NextText();
            else reader.SkipValue();
        }

        if (column is null) return false;
        columns.Add(column);
        return true;
    }

    private static void Texts(ref Utf8JsonReader reader, List<string> texts)
    {
        if (!reader.EnterList()) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.String) texts.Add(reader.GetString()!);
        if (reader.TokenType != JsonTokenType.EndArray) throw new JsonException();
    }
}
