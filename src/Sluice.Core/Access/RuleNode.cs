namespace Sluice.Core.Access;

/// <summary>A normalised rule over columns of people: decides 64 people at a time, or one.</summary>
internal abstract class RuleNode
{
    /// <summary>Sets the bits of the people that it holds for; the others are cleared.</summary>
    public abstract void Evaluate(Span<ulong> people);

    /// <summary>Whether it holds for one.</summary>
    public abstract bool Holds(int person);

    /// <summary>Whether it depends on a condition.</summary>
    public abstract bool Names(ConditionColumn condition);
}

/// <summary>Everybody, or nobody.</summary>
internal sealed class ConstantNode(bool value) : RuleNode
{
    public override void Evaluate(Span<ulong> people) => people.Fill(value ? ulong.MaxValue : 0);

    public override bool Holds(int person) => value;

    public override bool Names(ConditionColumn condition) => false;
}

/// <summary>A condition that is true, or one that is known to be false.</summary>
internal sealed class ConditionNode(ConditionColumn condition, bool isNegated) : RuleNode
{
    private ulong[] Column => isNegated ? condition.False : condition.True;

    public override void Evaluate(Span<ulong> people) => Column.AsSpan(0, people.Length).CopyTo(people);

    public override bool Holds(int person) => Bits.Has(Column, person);

    public override bool Names(ConditionColumn other) => condition == other;
}

/// <summary>All of them, or any.</summary>
internal sealed class JoinNode(bool isAll, IReadOnlyList<RuleNode> terms) : RuleNode
{
    public override void Evaluate(Span<ulong> people)
    {
        terms[0].Evaluate(people);
        var next = new ulong[people.Length];
        for (var i = 1; i < terms.Count; i++)
        {
            terms[i].Evaluate(next);
            if (isAll)
                for (var w = 0; w < next.Length; w++) people[w] &= next[w];
            else
                for (var w = 0; w < next.Length; w++) people[w] |= next[w];
        }
    }

    public override bool Holds(int person)
    {
        foreach (var term in terms)
            if (term.Holds(person) != isAll) return !isAll;
        return isAll;
    }

    public override bool Names(ConditionColumn condition)
    {
        foreach (var term in terms)
            if (term.Names(condition)) return true;
        return false;
    }
}
