using Sluice.Core.People;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>What a predicate about people is for one of them: true, false, or null for unknown. What is left open (a column) is unknown.</summary>
internal static class PersonTruth
{
    public static bool? Of(Predicate predicate, Person person, PeopleSnapshot people, Subscriptions subscriptions) => predicate switch
    {
        Predicate.Constant constant => constant.Value,
        Predicate.All all => Join(all.Terms, isAll: true, person, people, subscriptions),
        Predicate.Any any => Join(any.Terms, isAll: false, person, people, subscriptions),
        Predicate.Not not => !Of(not.Term, person, people, subscriptions),
        _ => PersonCondition.Of(predicate, person, people, subscriptions),
    };

    private static bool? Join(IEnumerable<Predicate> terms, bool isAll, Person person, PeopleSnapshot people, Subscriptions subscriptions)
    {
        bool? result = isAll;
        foreach (var term in terms)
        {
            var value = Of(term, person, people, subscriptions);
            if (value == !isAll) return !isAll;
            if (value is null) result = null;
        }

        return result;
    }
}
