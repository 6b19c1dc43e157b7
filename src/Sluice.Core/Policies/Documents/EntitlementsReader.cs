using Sluice.Core.People;

namespace Sluice.Core.Policies.Documents;

/// <summary>Reads conditions on groups and attributes.</summary>
internal static class EntitlementsReader
{
    public static Entitlements Read(MappingReader reader)
    {
        var before = reader.Problems.ErrorCount;
        var groups = reader.OptionalTexts("groups", PolicyLimits.Word);
        var attributes = reader.OptionalItems("attributes").Select(i => ReadAttribute(new MappingReader(i.Node, i.Path, reader.Problems)))
            .OfType<PersonAttribute>().ToValueList();
        var count = groups.Count + attributes.Count;
        var setOperator = Operator(reader, count);
        reader.RejectUnread();
        if (count == 0 && reader.Problems.ErrorCount == before) reader.RejectWhole("names neither groups nor attributes, and so nobody: name one, or leave it out");
        return new Entitlements(setOperator, groups, attributes);
    }

    /// <summary>How several conditions are joined: with more than one, nobody should have to know a default that lets people in.</summary>
    public static SetOperator Operator(MappingReader reader, int conditions)
    {
        var isSaid = reader.Has("operator");
        var value = reader.OptionalChoice("operator", PolicySpelling.Operators);
        if (!isSaid && conditions > 1) reader.Reject("operator", "is required with more than one condition: any or all");
        return value ?? SetOperator.Any;
    }

    private static PersonAttribute? ReadAttribute(MappingReader reader)
    {
        var name = reader.RequiredText("name", PolicyLimits.Word);
        var value = reader.RequiredText("value", PolicyLimits.Word);
        reader.RejectUnread();
        return name is null || value is null ? null : new PersonAttribute(name, value);
    }
}
