namespace Sluice.Core.Access;

/// <summary>The people one rule holds for, kept up to date by its <see cref="AudienceIndex"/>.</summary>
public sealed class Audience
{
    private readonly AudienceIndex index;

    internal Audience(AudienceIndex index, AccessRule rule, RuleNode node)
    {
        this.index = index;
        Rule = rule;
        Node = node;
    }

    /// <summary>The rule.</summary>
    public AccessRule Rule { get; }

    /// <summary>How many people.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in Members) count += System.Numerics.BitOperations.PopCount(word);
            return count;
        }
    }

    internal RuleNode Node { get; }

    internal ulong[] Members { get; set; } = [];

    /// <summary>Whether a person is one of them. Nobody that is unknown or disabled is.</summary>
    public bool Contains(string personId) => index.TryGetNumber(personId, out var number) && Bits.Has(Members, number);

    internal bool Contains(int number) => Bits.Has(Members, number);
}
