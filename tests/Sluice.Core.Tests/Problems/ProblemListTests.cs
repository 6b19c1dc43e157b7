using Sluice.Core.Problems;

namespace Sluice.Core.Tests.Problems;

public sealed class ProblemListTests
{
    [Fact]
    public void Every_problem_is_kept_in_the_order_it_was_found()
    {
        var problems = new ProblemList();
        problems.Any.ShouldBeFalse();
        problems.Add("$.b", "one");
        problems.Add("$.a", "two");
        problems.Add("$.b", "three");
        problems.Any.ShouldBeTrue();
        problems.Count.ShouldBe(3);
        problems.ShouldBe([new("$.b", "one"), new("$.a", "two"), new("$.b", "three")]);
        problems.ByPath().Keys.ShouldBe(["$.b", "$.a"]);
        problems.ByPath()["$.b"].ShouldBe(["one", "three"]);
    }

    [Fact]
    public void The_same_problem_twice_is_one()
    {
        var problems = new ProblemList();
        problems.Add("$.a", "one");
        problems.Add("$.a", "one");
        problems.Count.ShouldBe(1);
    }

    [Fact]
    public void A_flood_of_problems_is_cut_and_says_so()
    {
        var problems = new ProblemList();
        for (var i = 0; i < 100_000; i++) problems.Add($"$.member{i}", "is not a known member");
        problems.Count.ShouldBe(ProblemList.MaxListed + 1);
        problems.Last().ShouldBe(new Problem("$", "has more problems: the first 200 are listed"));
    }

    [Fact]
    public void As_many_problems_as_are_listed_are_no_flood()
    {
        var problems = new ProblemList();
        for (var i = 0; i < ProblemList.MaxListed; i++) problems.Add($"$.member{i}", "is not a known member");
        problems.Add("$.member0", "is not a known member");
        problems.Count.ShouldBe(ProblemList.MaxListed);
        problems.ShouldAllBe(p => p.Path != "$");
    }
}
