using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Reads ALTER.</summary>
internal static class AlterParser
{
    public static Alter Parse(TokenReader reader)
    {
        var target = StatementParser.Kind(reader) ?? throw reader.Wrong();
        var ifExists = StatementParser.IfExists(reader);
        target = target with { Name = reader.Name() };
        // ALTER VIEW has neither: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-view.
        if (target is { IsView: true, IsPipelined: false } && (reader.Peek.Is("SET") && reader.After.Is("ROW") || reader.Peek.Is("DROP"))) throw reader.Wrong();
        var change = Common(reader) ?? (target.Kind == SecurableKind.Table ? Table(reader) : throw reader.Wrong());
        if (target is { IsView: true, IsPipelined: false } && (change is SetMask or DropMask)) throw SqlException.Syntax("'MASK'", -1);
        return new(target, change) { IfExists = ifExists };
    }

    private static Alteration? Common(TokenReader reader)
    {
        if (reader.Take("SET", "OWNER", "TO") || reader.Take("OWNER", "TO")) return new SetOwner(GrantParser.Principal(reader));
        if (reader.Take("SET", "TAGS")) return new SetTags(TagParser.Pairs(reader));
        if (reader.Take("UNSET", "TAGS")) return new UnsetTags(TagParser.Keys(reader));
        if (reader.Take("RENAME", "TO")) return new Rename(reader.Name());
        if (reader.Take("SET", "DBPROPERTIES") || reader.Take("SET", "TBLPROPERTIES")) return new SetProperties(TagParser.Pairs(reader));
        if (reader.Take("UNSET", "TBLPROPERTIES", "IF", "EXISTS") || reader.Take("UNSET", "TBLPROPERTIES")) return new UnsetProperties(TagParser.Keys(reader));
        return null;
    }

    private static Alteration Table(TokenReader reader)
    {
        if (reader.Take("SET", "ROW", "FILTER"))
        {
            var function = reader.Name();
            reader.Expect("ON");
            return new SetRowFilter(function, ColumnParser.GuardArguments(reader));
        }

        if (reader.Take("DROP", "ROW", "FILTER")) return new DropRowFilter();
        if (reader.Take("ALTER", "COLUMN") || reader.Take("CHANGE", "COLUMN") || reader.Take("ALTER")) return Column(reader);
        if (reader.Take("ADD", "COLUMNS") || reader.Take("ADD", "COLUMN")) return new AddColumns(reader.Peek.IsSymbol("(") ? ColumnParser.List(reader) : [ColumnParser.One(reader)]);
        if (reader.Take("DROP", "COLUMNS") || reader.Take("DROP", "COLUMN"))
        {
            var ifThere = StatementParser.IfExists(reader);
            return new DropColumns(reader.Peek.IsSymbol("(") ? ColumnParser.Names(reader) : [reader.Identifier()], ifThere);
        }

        if (reader.Take("RENAME", "COLUMN"))
        {
            var from = reader.Identifier();
            reader.Expect("TO");
            return new RenameColumn(from, reader.Identifier());
        }

        if (reader.Peek.Is("AS"))
        {
            reader.Next();
            return new ReplaceView(reader.Rest());
        }

        throw reader.Wrong();
    }

    private static Alteration Column(TokenReader reader)
    {
        var column = reader.Identifier();
        if (reader.Take("SET", "MASK"))
        {
            var function = reader.Name();
            return new SetMask(column, function, reader.Take("USING", "COLUMNS") ? ColumnParser.GuardArguments(reader) : ImmutableArray<GuardArgument>.Empty);
        }

        if (reader.Take("DROP", "MASK")) return new DropMask(column);
        if (reader.Take("SET", "TAGS")) return new SetTags(TagParser.Pairs(reader), column);
        if (reader.Take("UNSET", "TAGS")) return new UnsetTags(TagParser.Keys(reader), column);
        if (reader.Take("COMMENT")) return new SetComment(reader.String(), column);
        if (reader.Take("SET", "NOT", "NULL")) return new SetNullable(column, Nullable: false);
        if (reader.Take("DROP", "NOT", "NULL")) return new SetNullable(column, Nullable: true);
        if (reader.Take("TYPE")) return new SetType(column, TypeParser.Parse(reader));
        throw reader.Wrong();
    }
}
