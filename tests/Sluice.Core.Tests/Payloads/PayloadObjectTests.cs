using System.Text.Json;
using Sluice.Core.Payloads;

namespace Sluice.Core.Tests.Payloads;

public sealed class PayloadObjectTests
{
    private const string Everything = """
        {"text": "t", "empty": "", "yes": true, "no": false, "number": 7, "fraction": 1.5, "huge": 3000000000, "null": null,
         "object": {"inner": "i"}, "list": ["a", "b"], "mixed": ["a", 1, null, "b", {}], "broken": "\ud800"}
        """;

    [Theory]
    [InlineData("text", "t", null)]
    [InlineData("absent", null, "$.absent is required")]
    [InlineData("null", null, "$.null is required")]
    [InlineData("empty", null, "$.empty must not be empty")]
    [InlineData("yes", null, "$.yes must be a string, not a boolean")]
    [InlineData("number", null, "$.number must be a string, not a number")]
    [InlineData("object", null, "$.object must be a string, not an object")]
    [InlineData("list", null, "$.list must be a string, not a list")]
    [InlineData("broken", null, "$.broken is not well-formed Unicode")]
    public void A_required_string(string name, string? expected, string? problem) =>
        Reading(p => p.RequiredString(name), expected, problem);

    [Theory]
    [InlineData("text", "t", null)]
    [InlineData("absent", null, null)]
    [InlineData("null", null, null)]
    [InlineData("empty", null, "$.empty must not be empty")]
    [InlineData("number", null, "$.number must be a string, not a number")]
    [InlineData("broken", null, "$.broken is not well-formed Unicode")]
    public void An_optional_string(string name, string? expected, string? problem) =>
        Reading(p => p.OptionalString(name), expected, problem);

    [Theory]
    [InlineData("yes", true, null)]
    [InlineData("no", false, null)]
    [InlineData("absent", null, null)]
    [InlineData("null", null, null)]
    [InlineData("text", null, "$.text must be true or false, not a string")]
    [InlineData("number", null, "$.number must be true or false, not a number")]
    public void An_optional_boolean(string name, bool? expected, string? problem) =>
        Reading(p => p.OptionalBoolean(name), expected, problem);

    [Theory]
    [InlineData("number", 0, 10, 7, null)]
    [InlineData("number", 7, 7, 7, null)]
    [InlineData("absent", 0, 10, null, null)]
    [InlineData("null", 0, 10, null, null)]
    [InlineData("number", 8, 10, null, "$.number must be from 8 to 10, not 7")]
    [InlineData("number", 0, 6, null, "$.number must be from 0 to 6, not 7")]
    [InlineData("fraction", 0, 10, null, "$.fraction must be a whole number from 0 to 10")]
    [InlineData("huge", 0, 10, null, "$.huge must be a whole number from 0 to 10")]
    [InlineData("text", 0, 10, null, "$.text must be a whole number from 0 to 10, not a string")]
    public void An_optional_integer(string name, int min, int max, int? expected, string? problem) =>
        Reading(p => p.OptionalInteger(name, min, max), expected, problem);

    [Theory]
    [InlineData("text", "t", null)]
    [InlineData("absent", null, null)]
    [InlineData("number", null, "$.number must be a string, not a number")]
    public void An_optional_choice(string name, string? expected, string? problem) =>
        Reading(p => p.OptionalChoice(name, "s", "t"), expected, problem);

    [Fact]
    public void A_choice_is_exact_and_what_is_no_choice_is_shown_but_not_at_any_length()
    {
        Reading(p => p.OptionalChoice("text", "T", "s"), null, "$.text must be one of T, s, not 't'");
        var payload = Body.Of($$"""{"mode": "{{new string('x', 500)}}"}""");
        payload.OptionalChoice("mode", "sync").ShouldBeNull();
        payload.Problems.Told().ShouldBe([$"$.mode must be one of sync, not '{new string('x', 64)}…'"]);
    }

    [Fact]
    public void What_is_shown_is_never_cut_within_a_character()
    {
        var payload = Body.Of($$"""{"mode": "{{new string('x', 63)}}🦫🦫", "{{new string('y', 63)}}🦫🦫": 1}""");
        payload.OptionalChoice("mode", "sync");
        payload.RejectUnread();
        payload.Problems.Count.ShouldBe(2);
        foreach (var problem in payload.Problems)
        {
            Sluice.Core.Catalog.ObjectPath.NameProblem(problem.Message).ShouldBeNull();
            Sluice.Core.Catalog.ObjectPath.NameProblem(problem.Path).ShouldBeNull();
        }
    }

    [Fact]
    public void A_list_of_strings()
    {
        Reading(p => p.OptionalStrings("absent"), null, null);
        Reading(p => p.OptionalStrings("null"), null, null);
        Reading(p => p.OptionalStrings("text"), null, "$.text must be a list of strings, not a string");
        Reading(p => p.OptionalStrings("object"), null, "$.object must be a list of strings, not an object");
        Body.Of(Everything).OptionalStrings("list").ShouldBe(["a", "b"]);
        Body.Of("""{"list": []}""").OptionalStrings("list").ShouldBe([]);
        var payload = Body.Of(Everything);
        payload.OptionalStrings("mixed").ShouldBe(["a", "b"]);
        payload.Problems.Told().ShouldBe(
        [
            "$.mixed[1] must be a string, not a number",
            "$.mixed[2] must be a string, not null",
            "$.mixed[4] must be a string, not an object",
        ]);
        payload = Body.Of("""{"list": ["\udc00", "ok"]}""");
        payload.OptionalStrings("list").ShouldBe(["ok"]);
        payload.Problems.Told().ShouldBe(["$.list[0] is not well-formed Unicode"]);
    }

    [Fact]
    public void An_optional_object()
    {
        Body.Of(Everything).OptionalObject("absent").ShouldBeNull();
        Body.Of(Everything).OptionalObject("null").ShouldBeNull();
        var payload = Body.Of(Everything);
        var inner = payload.OptionalObject("object").ShouldNotBeNull();
        inner.Path.ShouldBe("$.object");
        inner.RequiredString("inner").ShouldBe("i");
        payload.OptionalObject("list").ShouldNotBeNull().MemberNames.ShouldBeEmpty();
        payload.Problems.Told().ShouldBe(["$.list must be an object, not a list"]);
    }

    [Fact]
    public void A_required_object_that_is_absent_is_one_problem_whatever_is_read_from_it()
    {
        var payload = Body.Of(Everything);
        var absent = payload.RequiredObject("absent");
        absent.RequiredString("inner").ShouldBeNull();
        absent.RejectUnread();
        payload.RequiredObject("null").OptionalBoolean("x").ShouldBeNull();
        payload.RequiredObject("object").RequiredString("inner").ShouldBe("i");
        payload.Problems.Told().ShouldBe(["$.absent is required", "$.null is required"]);
    }

    [Fact]
    public void A_body_of_another_kind_is_a_problem_and_reads_as_empty()
    {
        foreach (var (json, kind) in new[] { ("null", "null"), ("5", "a number"), ("[]", "a list"), ("\"x\"", "a string"), ("true", "a boolean") })
        {
            var payload = Body.Of(json);
            payload.MemberNames.ShouldBeEmpty();
            payload.Has("a").ShouldBeFalse();
            payload.Raw("a").ShouldBeNull();
            payload.RejectUnread();
            payload.Problems.Told().ShouldBe([$"$ must be an object, not {kind}"]);
        }

        new PayloadObject(default, "$", []).Has("a").ShouldBeFalse();
    }

    [Fact]
    public void Has_and_Raw_read_a_member_whatever_it_is()
    {
        var payload = Body.Of(Everything);
        payload.Has("text").ShouldBeTrue();
        payload.Has("null").ShouldBeFalse();
        payload.Has("absent").ShouldBeFalse();
        payload.Raw("number").ShouldNotBeNull().GetInt32().ShouldBe(7);
        payload.Raw("null").ShouldBeNull();
        payload.MemberNames.ShouldContain("null");
        payload.Problems.Any.ShouldBeFalse();
    }

    [Fact]
    public void Every_member_nobody_asked_for_is_named_with_what_it_was_probably_meant_to_be()
    {
        var payload = Body.Of("""{"isactive": true, "region": "x", "Whatever": 1, "": 2, "mode": null}""");
        payload.OptionalBoolean("isActive");
        payload.RequiredString("region");
        payload.OptionalChoice("mode", "sync");
        payload.RejectUnread();
        payload.Problems.Told().ShouldBe(
        [
            "$.isactive is not a known member; did you mean 'isActive'?",
            "$.Whatever is not a known member",
            "$. is not a known member",
        ]);
    }

    [Fact]
    public void Nested_objects_reject_for_themselves()
    {
        var payload = Body.Of("""{"options": {"forceRecursive": true, "x": {}}}""");
        payload.OptionalObject("options")!.RejectUnread();
        payload.RejectUnread();
        payload.Problems.Told().ShouldBe(["$.options.forceRecursive is not a known member", "$.options.x is not a known member"]);
    }

    [Fact]
    public void A_flood_of_unknown_members_gets_a_bounded_answer()
    {
        var members = Enumerable.Range(0, 60_000).ToDictionary(i => $"isActiv{i}", i => i);
        using var document = JsonBody.Parse(JsonSerializer.SerializeToUtf8Bytes(members), out _);
        var payload = new PayloadObject(document.ShouldNotBeNull().RootElement, "$", []);
        payload.OptionalBoolean("isActive");
        payload.RejectUnread();
        payload.Problems.Count.ShouldBeLessThanOrEqualTo(Sluice.Core.Problems.ProblemList.MaxListed + 1);
        payload.Problems.Last().Path.ShouldBe("$");
    }

    private static void Reading<T>(Func<PayloadObject, T> read, T expected, string? problem)
    {
        var payload = Body.Of(Everything);
        read(payload).ShouldBe(expected);
        payload.Problems.Told().ShouldBe(problem is null ? [] : [problem]);
    }
}
