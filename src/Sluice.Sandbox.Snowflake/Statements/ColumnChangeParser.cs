using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Reads ALTER TABLE ... ALTER | MODIFY COLUMN ...: one change or several, in parentheses or not.</summary>
internal static class ColumnChangeParser
{
    public static AlterColumnsStatement Read(TokenReader reader, AlterHead head)
    {
        var parenthesised = reader.AcceptSymbol("(");
        List<ColumnChange> changes = [];
        do
        {
            reader.Accept("COLUMN");
            changes.Add(ReadOne(reader));
        }
        while (reader.AcceptSymbol(","));
        if (parenthesised) reader.ExpectSymbol(")");
        return new(head) { Changes = changes };
    }

    private static ColumnChange ReadOne(TokenReader reader)
    {
        var change = new ColumnChange(reader.ReadIdentifier());
        if (reader.Accept("SET", "MASKING", "POLICY"))
        {
            change.Mask = reader.ReadName();
            if (reader.Accept("USING")) change.MaskColumns = TableParser.ReadNames(reader);
            change.Force = reader.Accept("FORCE");
        }
        else if (reader.Accept("UNSET", "MASKING", "POLICY")) change.Unmasks = true;
        else if (reader.Accept("SET", "TAG")) change.Tags = ReadTags(reader);
        else if (reader.Accept("UNSET", "TAG")) change.UnsetTags = ReadNames(reader);
        else if (reader.Accept("COMMENT")) change.Comment = reader.ReadText();
        else if (reader.Accept("UNSET", "COMMENT")) change.Comment = "";
        else if (reader.Accept("DROP", "NOT", "NULL")) change.Nullable = true;
        else if (reader.Accept("SET", "NOT", "NULL")) change.Nullable = false;
        else if (reader.Accept("DROP", "DEFAULT")) change.DropsDefault = true;
        else
        {
            if (reader.Accept("SET")) reader.Expect("DATA");
            reader.Accept("DATA");
            reader.Accept("TYPE");
            change.Type = reader.ReadType();
        }

        return change;
    }

    // A comma may part two tags or two columns: what follows a tag is a name and "=".
    private static List<(ObjectName Tag, string Value)> ReadTags(TokenReader reader)
    {
        List<(ObjectName, string)> tags = [OptionList.ReadTag(reader)];
        while (reader.Current.IsSymbol(",") && !reader.Peek().Is("COLUMN") && !reader.Peek(2).Is("SET") && !reader.Peek(2).Is("UNSET") && reader.AcceptSymbol(",")) tags.Add(OptionList.ReadTag(reader));
        return tags;
    }

    private static List<ObjectName> ReadNames(TokenReader reader)
    {
        List<ObjectName> names = [reader.ReadName()];
        while (reader.Current.IsSymbol(",") && !reader.Peek().Is("COLUMN") && !reader.Peek(2).Is("SET") && !reader.Peek(2).Is("UNSET") && reader.AcceptSymbol(",")) names.Add(reader.ReadName());
        return names;
    }
}

/// <summary>What becomes of one column.</summary>
internal sealed class ColumnChange(string name)
{
    public string Name => name;

    public ObjectName? Mask { get; set; }

    public List<string> MaskColumns { get; set; } = [];

    public bool Force { get; set; }

    public bool Unmasks { get; set; }

    public List<(ObjectName Tag, string Value)> Tags { get; set; } = [];

    public List<ObjectName> UnsetTags { get; set; } = [];

    public string? Comment { get; set; }

    public bool? Nullable { get; set; }

    public bool DropsDefault { get; set; }

    public SqlType? Type { get; set; }
}
