"""The planner's own verbs and verb phrases: which action each calls, and in which manner.

They come on top of the verbs of the action table and before them, since they say more.
"""

from __future__ import annotations

from typing import Final

VERBS: Final = """
walk: go for a walk, tread, trek, perambulate, promenade, traipse, mosey, sashay, ramble
walk: parade around, make one's way, find one's way, pace up and down, pace around, walk over
walk: walk up, walk along, step up, step onto, step over, come over, come along, come closer
walk: go over, go up to, go home, bring, circle, bump, cross, head, travel, journey, carry
walk: pass by, walk by, deliver, escort, lead, guide, accompany, proceed, toddle, waddle, wade
walk: set off, set out, head off, head out, wander off, walk off, go on walking, keep on walking
walk: move on, move along, go past, return, come back, go back, walk back, head back, head home
walk: board, make for, walk on, pass through, go through, go around, move through, wind one's way
walk: pick one's way, make one's way home, stretch one's legs, walk the dog, catwalk, come out
walk: glide past, glide by, continue up, continue down, continue along, continue through
walk: continue on, continue one's way, continue toward, continue towards, continue uphill
walk: continue across, reach the door, reach the end, reach the other side, reach the shore
walk: reach the finish line, reach home, reach the house, reach the goal, descend
walk speed=0.8: stroll, amble, saunter, wander, roam, meander, dawdle, drift, potter, rove
walk speed=0.8: loiter around
walk speed=0.7: slow down, slow to a walk
walk speed=1.2: power walk, speed walk, walk briskly
walk speed=1.5: glide across, glide over, glide along, skate, ski, roller skate, ice skate
walk speed=1.5: skateboard, slide, roller blade, rollerblade, scooter, sled
walk style=sneaky speed=0.7: sneak, prowl, tiptoe, skulk, slink, stalk, edge, steal away
walk style=sneaky speed=0.7: slip away, slip past, slip out, slip into, inch, walk on tiptoe
walk style=sneaky speed=0.7: walk on tiptoes, lurk, creep up behind, creep up on, sneak up
walk style=sneaky speed=0.7: creep past, creep out
walk style=old speed=0.6: limp, hobble, shuffle, shamble, lumber
walk style=drunk speed=0.8: stagger, lurch, reel, teeter, totter, careen, weave, zigzag
walk style=drunk speed=0.8: stumble around, stumble along, stumble through, stumble out
walk style=drunk speed=0.8: stumble down, stumble across, stumble toward, stumble towards
walk style=drunk speed=0.8: stumble away, stumble back, stumble into, stumble in, stumble forward
walk style=drunk speed=0.8: wobble forward, wobble along, wobble across, wobble over, wobble away
walk style=drunk speed=0.8: wobble toward, wobble towards, wobble down
walk style=tired speed=0.7: trudge, plod, drag oneself, drag one's feet, slog, drag oneself along
walk style=proud speed=1.1: strut, swagger, stride
walk style=happy: prance, flounce
walk overlay=looking_around: explore
walk direction=away: part, part ways, split up, go their separate ways, walk away from each other
walk direction=away: walk away, go off, wander away, move away, step away
walk direction=backward speed=0.6: pull, tug, drag, haul, tow
walk direction=backward: retreat, back away, back up, moonwalk, back off, step back, withdraw
walk direction=backward: do the moonwalk
walk direction=forward: advance, step forward, move forward, walk forward
walk direction=in: enter, arrive, come in, walk in, show up, turn up, come on stage
walk direction=in: walk on stage, make an entrance, step inside, come inside, go inside
walk direction=in: walk inside, file in, stroll in, return home, come home, step in, saunter in
walk direction=in: wander in, stride in, strut in, step on stage
walk direction=in style=angry: storm in, barge in
walk direction=out: leave, exit, depart, go away, walk out, file out, step outside, make an exit
walk direction=out: go outside, walk outside, step out, head outside, set sail, leave the stage
walk direction=out: stroll out, walk off stage
walk direction=out style=angry: storm out
walk direction=toward: approach, come up to, walk up to, step up to, draw near, come near
walk direction=toward: close in, gather, assemble, gather round, gather around
walk direction=toward mutual: meet, meet up, get together, come together, reunite, encounter
walk mutual: follow
run: gallop, charge, hasten, scurry, scamper, run off, dart, bound, make a run for it
run: break into a run, race off, take off, run for cover, scuttle, speed off, hightail
run: hightail it, bolt away, fetch, retrieve, skedaddle, hurtle, storm off, take off running
run: stampede, hustle, scoot, skitter, whizz, zoom, scramble, barrel, tear across, tear along
run: tear through, tear down, hurry up, rush over, rush forward, race over, run up, run over
run: run around, run back, run along, charge at, run past, run through, take to one's heels
run: rush back, hurry over, hurry back, rush off, hurry off, run for one's life
run: run for their lives, lope, break into a jog, catch up, run on, run forward, run on the spot
run: run in place, jog on the spot, run home, zip, outrun, rush to, run for it
run: break into a gallop, run about, speed up, speed away, race around, break up running
run speed=0.75: jog, trot, canter, jog in place
run direction=away: flee, escape, run away, run for the hills, make one's escape, hurry away
run direction=away: rush away, scurry away, race away, scamper away, scatter, make a getaway
run direction=away: beat a retreat
run direction=in: run in, rush in, burst in, hurry in, dash in, come running in
run direction=out: run out, rush out, hurry out, dash out
run mutual: chase, run after, pursue, play tag, race after, hunt down, go after
sprint: sprint off, sprint away, dash off, dash away, bolt, race, tear off, break into a sprint
sprint: sprint back, run at full speed, run as fast as one can, make a dash for it, dash across
sprint: streak
march: stamp one's feet, goose step, march in place, march on the spot, march forward
march: march along
march style=angry intensity=1.4: stomp, tramp, stomp off, stomp around, stomp away, stamp, clomp
jump: pounce, lunge, jump up, jump up and down, jump down, hurdle, jump over, leap over, leap up
jump: leap forward, jump for joy, jump on the spot, bound over, spring up, jump out, leap out
jump: leap into the air, clear the hurdle, jump into the air, jump off, leap off, bungee jump
jump: bounce up and down, bounce on a trampoline, jump around
hop style=happy: skip, gambol, caper
hop: skip rope, jump rope, play hopscotch, hop on one leg, hop on one foot, bunny hop, skip along
idle: stop, halt, freeze, stand there, stay put, linger, loiter, take a break, take a breath
idle: catch one's breath, hang around, hang out, remain, breathe, yawn, stretch, sneeze, cough
idle: shrug, sigh, think, ponder, shiver, tremble, knock, cook, hesitate, stand in line, queue
idle: queue up, line up, wait in line, draw, listen, balance, hammer, rub, chop, order, practise
idle: tie, wash, wipe, clean, sweep, paint, hammer a nail, stand around, hold still, stay still
idle: stand motionless, stand frozen, remain still, stand stock still, stall, bide one's time
idle: daydream, loaf, take a breather, shake one's head, shrug one's shoulders, rub one's hands
idle: rub one's eyes, scratch one's head, scratch, cross one's arms, fold one's arms
idle: wipe one's brow, hold one's breath, check one's watch, check the time, tap one's foot
idle: close one's eyes, open, close, shut, take off one's, put on, set the table, lay the table
idle: stand in a queue, come to a stop, come to a halt, come to a standstill, grind to a halt
idle: pull over, lean against, lean on, mow, rake, shovel, bake, fry, stir, pour, mix, iron, sew
idle: brush, comb, shave, mop, scrub, vacuum, polish, dust oneself off, fix, repair
idle: assemble furniture, build, wink, blink, blush, sweat, take a photo, take a picture
idle: take a selfie, snap a photo, film, buy, sell, pay, unlock, lock, ring the bell
idle: ring the doorbell, press a button, take a deep breath, breathe deeply, cool down, calm down
idle: play the guitar, play the violin, play the drums, play the flute, play the trumpet
idle: play guitar, play drums, strum, light a candle, light a fire, make a fire, button, unbutton
idle: zip up, adjust, straighten one's tie, wring one's hands, lather, water the plants, feed
idle: pet, stroke, pat, tickle, massage, look bored, look away, take one's hat off
idle: take one's coat off, take one's jacket off, take one's shoes off, take one's mask off
idle: take one's helmet off, take one's glasses off, take it off, take them off, wobble, huddle
idle: huddle up, huddle together, catch oneself, regain one's balance, keep one's balance
idle: put one's head down, hang one's head, lower one's head, shake one's fist
idle: look at one's watch, plant, beat one's chest, slam, miss, panic, flip one's hair
idle: toss one's hair, flick one's hair, honk, recover, lower one's arms, tuck in, film oneself
idle: unfold, drum, serve, stand in silence, wait for, put on one's, play cymbals
idle: roll one's eyes, roll up one's sleeves, spread one's arms, spread one's legs
idle style=happy: smile, grin, beam, smirk
idle style=sad: frown, sulk, pout, mope
idle style=angry: glare, scowl, fume
wave: blow a kiss, welcome, conduct, do the wave, raise hand, raise a hand, raise one's hand
wave: put up one's hand, beckon, wave hello, wave hi, wave back, bid farewell, bid goodbye
wave: bid good night, say bye, say good night, say good morning, say farewell, say hey
wave: wave farewell, wave off, flag down, hail, hail a taxi, hail a cab, signal, wave one's arms
wave: wave one's hand, wave a flag, see off, put one's hand up, lift a hand, lift one's hand
wave: say hello to, say good bye, wag, flap one's arms, wave one's hands, wave one's arms wildly
wave: exchange greetings, say their goodbyes, say one's goodbyes, say one's farewells, flap
wave: flap like a bird
talk: teach, instruct, reply, respond, announce, lecture, preach, complain, gossip, debate
talk: negotiate, recite, give a speech, make a speech, make a call, make a phone call
talk: take a call, tell a story, tell stories, quarrel, bicker, apologise, apologize, narrate
talk: introduce, phone, telephone, ring up, answer the phone, mention, remark, comment, inform
talk: describe, babble, chatter, natter, interview, plead, persuade, reassure, flirt, joke
talk: confess, thank, scold, berate, bargain, haggle, dictate, chit chat, exchange words
talk: exchange pleasantries, speak up, crack a joke, tell a joke, tell jokes, catch up on gossip
talk: lay out a plan, deliver a speech, say a few words, hold a speech, have words
talk: strike up a conversation, make small talk, chat away, vote, tease, command, recount, relate
talk: brief, address, swap stories, share stories, exchange stories, admit, boast, brag, nag
talk: insist, confer, deliberate, consult, mediate, plot, scheme, talk on the phone
talk: make conversation, toast the couple, rehearse one's lines, read aloud, read out loud
talk: give a lecture, talk it over, swear, curse, warn, remind, call
shout: roar, bellow, cry out, shriek, howl, bark, boo, call for help, screech, exclaim, rant
shout: snarl, growl, jeer, heckle, hoot, proclaim, raise one's voice, snap at, call to
shout: call after, cry for help, shout out, yell out, scream out, yell at, bark orders
shout: bark out orders, hiss at, argue loudly, declare, cheer loudly at, hurl insults
shout: throw a tantrum, call down
shout makes=jump: scare, frighten, startle, spook
whisper: mumble, speak softly, speak quietly, talk quietly, talk softly, confide, tell a secret
whisper: share a secret, speak in a low voice, whisper in one's ear, whisper into one's ear
whisper: exchange secrets, share secrets
sing: sing a song, chant, hum a tune, whistle, yodel, croon, belt out, belt out a song, warble
sing: carol, rap, harmonise, harmonize, do karaoke, perform a song, sing along, sing karaoke
sing: burst into song, break into song, belt out a tune, sing a lullaby, hum a song, lip sync
sing: beatbox
point: shoot at, shoot an arrow, shoot a gun, fire a gun, fire at, open fire, take aim
point: give a thumbs up, hand over, offer, hand, reach out, reach, gesture, gesture at
point: gesture to, aim, motion, point one's finger, show the way, direct traffic, signal to
point: point out, wag one's finger, hold out one's hand, point the way, point one's sword
point: draw a bow, pass a note, extend one's hand, stretch out one's hand
clap: give a round of applause, clap one's hands, put one's hands together
clap: give a standing ovation, clap along, break into applause, burst into applause
clap: erupt into applause, give applause, applaud loudly, clap in rhythm
batting: play tennis, play golf, play cricket, play hockey, play badminton, play ping pong, swing
batting: swing a racket, swing a club, swing a golf club, bunt, play baseball, hit a home run
batting: hit a baseball, hit the baseball, swing at the ball, play table tennis, play softball
batting: play squash, tee off, putt, hit a homer, smash the ball, whack the ball, strike the ball
batting: swat, swing one's bat, take a swing, swing and miss, hit a golf ball
batting: hit the tennis ball, hit a tennis ball, hit the pitch, smash a home run, bat the ball
batting: hit a double, hit a single, swing an axe, chop wood, swing a hammer
batting: swing a sledgehammer, strike out, swing a stick
pitching: throw a fastball, throw a curveball, wind up, hurl a fastball, deliver a pitch
pitching: throw the pitch, hurl a pitch, throw a strike, pitch the ball, pitch a ball
pitching: pitch a baseball, throw the first pitch
catching: snag, intercept, receive the ball, receive a pass, receive the pass, catch the ball
catching: snatch the ball, grab the pass
running_bases: run to first base, run to second base, run to third base, run to first
running_bases: run to second, slide into home, slide into base, slide into second base
running_bases: circle the bases, run around the bases, sprint to first base
running_bases: sprint around the bases, dash to first base, race around the bases
running_bases: steal second base, steal second, jog around the bases, run from base to base
running_bases: head for first base, run toward first base, run home base, slide into home plate
running_bases: run to home plate
fielding: field a grounder, field a ground ball, field the grounder, scoop the ball up
fielding: field a fly ball
throwing: juggle, play fetch, play frisbee, play dodgeball, play darts, bowl, play bowling
throwing: serve the ball, fire a snowball, play catch, chuck, sling, heave, launch, skip stones
throwing: skip a stone, pelt, bombard, spike, hand off, play volleyball, spike the ball
throwing: play water polo, have a snowball fight, scatter seeds, cast a line, play with a ball
throwing: toss around, pass around, pass the ball, throw a ball, throw a snowball, throw darts
throwing: play ball, play handball, play rugby, play american football, shoot put, deal the cards
throwing: strew, roll a ball, roll the ball, roll the dice, roll a dice
kicking: play soccer, play football, score a goal, kick a soccer ball, kick it, punt
kicking: take a penalty, kick a penalty, take a free kick, take a corner, score a penalty
kicking: boot the ball, take a penalty kick, kick the football, kick around a ball
kicking: pass with one's foot, volley, juggle a soccer ball, kick a football, shoot on goal
kicking: kick a can, take a shot at goal, take a shot on goal, kick a stone, take the penalty
kicking: shoot the soccer ball
dribbling: play basketball, bounce a ball, bounce the ball, bounce a basketball
dribbling: drive to the basket, drive to the hoop, dribble past
shooting: shoot at the basket, shoot at the hoop, make a basket, score a basket, make a shot
shooting: shoot the ball, throw a free throw, shoot a free throw, take a free throw
shooting: make a free throw, make a layup, slam dunk, sink a basket, sink a three pointer
shooting: shoot a three pointer, take a jump shot, shoot free throws, make a dunk, shoot a hoop
shooting: score a three pointer, hit a three pointer, dunk the ball, shoot some hoops
shooting: sink the shot, make the shot, take the shot
fight: trade punches, exchange punches, trade blows, exchange blows, swing one's sword
fight: swing a sword, slash, brandish, wield a sword, duel, clash, grapple, sword fight
fight: have a fight, shadow box, fence, scuffle, tussle, duke it out, come to blows, scrap
fight: skirmish, assault, ambush, maul, combat, joust, fight off, gang up on, mug, take on
fight: rumble, practice karate, practise karate, do karate, practice kung fu, practise kung fu
fight: do kung fu, practice martial arts, practise martial arts, do martial arts, practice judo
fight: do judo, battle it out, fight back, cross swords, lock horns, roughhouse, rough house
fight: play fight, arm wrestle, swing swords, clash swords, stab, throw hands, do battle
fight: square up and fight, fight it out
fight makes=fall: defeat, vanquish, slay, beat up, overpower
punch: throw a punch, throw a jab, throw an uppercut, throw a hook, throw punches, slap, smack
punch: clobber, wallop, thump, slug, sock, pummel, clout, pound, whack, bash, land a punch
punch: take a swing at, spank, throw a left hook, throw a right hook, throw jabs, land a blow
punch: deliver a blow, hit back, punch back
punch makes=fall: knock down, knock over, knock out, floor
kick: throw a kick, throw kicks, karate kick, drop kick, kick out, kick back, kick at
kick: do a high kick, kick it open, kick the door open, kick in the door, kick down the door
kick: kick open
dodge: step aside, swerve, deflect, fend off, ward off, bob and weave, dive aside, jump aside
dodge: leap aside, jump out of the way, dive out of the way, get out of the way
dodge: step out of the way, move out of the way, leap out of the way, flinch, recoil, lean back
dodge: dive for cover, duck out of the way, duck under, shield oneself, move aside, avoid
dodge: roll out of the way, jump back, leap back
push: press, nudge, barge, jostle, push open, shove aside, push aside, push away, play tug of war
push: push back, elbow
push makes=fall: tackle, trip up, take down, push over, shove over, push down, shove down
push makes=fall: push to the ground, push to the floor, shove to the ground, bowl over
push makes=fall: tackle to the ground, wrestle to the ground, throw to the ground
push makes=fall: slam to the ground, knock to the ground, pin to the ground, throw to the floor
push makes=fall: throw to the mat, pin down
sit: drive, ride a horse, ride a bike, ride, play chess, play cards, play video games, cycle
sit: row a boat, knit, fish, rock in one's chair, rock in a chair, rock on a chair, perch
sit: have a seat, be seated, seat oneself, sit oneself down, plop down, plonk down, flop down
sit: slump, settle down, lounge, take one's seat, take seats, take their seats, find a seat
sit: sit cross legged, meditate, steer, pedal, sit back, row, sink into a chair
sit: slump into a chair, collapse into a chair, drop into a chair, plop into a chair
sit: sink onto a bench, sink into the sofa, flop onto the couch, flop onto the sofa
sit: plop onto the couch, watch tv, watch television, watch a movie, watch a film, play checkers
sit: play poker, play a board game, play board games, settle into a chair
sit: settle into an armchair, settle on a bench, grab a seat, collapse onto a bench
sit: collapse on a bench, drop onto a bench, sink down, sit oneself, collapse onto the sofa
sit: collapse on the sofa, collapse onto the couch, collapse on the couch, flop into a chair
sit: fall into a chair, paddle a canoe, go fishing
lie_down: roll over, roll around, sunbathe, slumber, recline, sprawl, go to sleep, fall asleep
lie_down: go to bed, doze, doze off, snooze, lie back, nod off, drift off, drift off to sleep
lie_down: hit the hay, curl up, snore, bask, have a lie down, go back to sleep, climb into bed
lie_down: get into bed, flop onto the bed, collapse onto the bed, collapse into bed
lie_down: fall into bed, stretch out on, sprawl out, lie flat, lie still, play dead
lie_down: crawl into bed, fall fast asleep, take a siesta, lay back, lie asleep, get some sleep
lie_down: get some rest, catch some sleep, stretch out on the, take naps, make snow angels
lie_down: make a snow angel, tuck oneself in, retire to bed, do push ups, do sit ups, do pushups
lie_down: do situps, do planks, do a plank, do crunches, roll onto
kneel: worship, take a knee, bend the knee, bend a knee, pop the question, plead on one's knees
kneel: go down on one knee, get down on one knee, drop to one's knees, fall to one's knees
kneel: sink to one's knees, go down on one's knees, drop to one knee, drop on one knee
kneel: fall to one knee, sink to one knee, drop down on one knee, fall on one's knees
kneel: get on one's knees, get on one knee, drop to both knees, fall on one knee
kneel: get down on one's knees, get down on a knee, say a prayer, say one's prayers
kneel: drop to their knees, ask for one's hand in marriage
stand: pose, strike a pose, stand to attention, stand at attention, stand guard, stand tall
stand: get to one's feet, get on one's feet, rise to one's feet, straighten, jump to one's feet
stand: leap to one's feet, spring to one's feet, scramble to one's feet, struggle to one's feet
stand: climb to one's feet, come to one's feet, stand back up, stand upright, stand on one leg
stand: stand on tiptoe, stand on tiptoes, rise up, stagger to one's feet, stumble to one's feet
stand: stand proudly, snap to attention, come to attention, haul oneself to one's feet
stand: pull oneself to one's feet
get_up: get off, get out of bed, arise, wake, awake, awaken, pick oneself up, pull oneself up
get_up: sit up, push oneself up, climb out of bed, roll out of bed, jump out of bed
get_up: leap out of bed, get back on one's feet, get back to one's feet, get up again
get_up: roll to one's feet, be back on one's feet, get up off, haul oneself up, struggle up
get_up: rouse, sit upright, get out, rise from the ground, rise from the floor, rise from the bed
get_up: rise from the dead, rise from the grave, scramble back to one's feet, get up from
pick_up makes=get_up: help up, pull to one's feet, help to one's feet
eating: gobble, munch, devour, nibble, dine, feast, bite, taste, have a meal, have a snack
eating: wolf down, scarf, scarf down, dig in, pig out, lick, graze, gnaw, consume, tuck into
eating: dig into, finish one's meal, have a bite, share a meal, share a pizza, grab a bite
eating: grab lunch, crunch, have a picnic, have brunch, have supper, eat up, have some cake
eating: have a sandwich, have dessert, have breakfast, peck, barbecue
drinking: make a toast, toast, clink glasses, slurp, swallow, guzzle, have a drink, chug, swig
drinking: quaff, gulp down, drain one's glass, raise a glass, have a coffee, have a beer
drinking: have a cup, have some tea, have some water, lap up, chug down, have coffee, have tea
drinking: down a glass, down a drink, down a beer, sip at, clink one's glasses, grab a coffee
drinking: grab a drink, drink up, have drinks, propose a toast, clink cups, raise one's glass
drinking: raise one's glasses
reading: leaf through, flip through, browse, pore over, peruse, page through, skim, consult a map
reading: check the map, do homework, look at a book, look at a map, study a map, thumb through
reading: do one's homework, read up, look through a book, look at one's phone, check one's phone
reading: scroll, check one's messages
typing: play the piano, play piano, play the keyboard, draw a picture, sketch, jot, jot down
typing: scribble, text, email, tap away, work at a computer, work at one's desk
typing: work at one's computer, take notes, doodle, hack, keyboard, work on one's laptop
typing: work on one's computer, write down, play the organ, send a text, send a message
typing: send an email, write a letter, sign, write a note, type away, use a computer
typing: use a laptop, surf the web, draft, hammer away at the keyboard, hammer at the keyboard
typing: pound the keyboard, pound on the keyboard, tap at the keyboard
looking_around: gawk, squint, ogle, peek, peer, gaze, stare, inspect, examine, investigate
looking_around: look at, look behind, look back, survey, admire, gape, observe, keep watch
looking_around: keep a lookout, stargaze, spy, rummage, scout, check out, look out, look over
looking_around: look up, look down, look left, look right, look left and right, look both ways
looking_around: look for, hunt for, seek, look into, take in the view, take in the sights, scour
looking_around: cast a glance, look in all directions, look about, enjoy the view, birdwatch
looking_around: watch out, look on, sightsee, look up at, go sightseeing, scan the horizon
looking_around: check left and right, search for, look through, look over one's shoulder
looking_around: glance over one's shoulder, peer over one's shoulder, take a look around
climbing: climb out, climb over, climb down, clamber, scramble up, shimmy up, go up the stairs
climbing: go up a ladder, hoist oneself up, rappel, abseil, climb up, clamber up, clamber over
climbing: climb back, climb to the top, rock climb, go rock climbing, scramble over, cling
climbing: hang from, dangle, hang on, get out of the water, get out of the pool, reach the summit
climbing: reach the top, reach the peak, swing from, swing through the trees, swing on
climbing: swing from tree to tree
crawling: crawl up, slither, wriggle, crawl on all fours, go on all fours, worm, crawl along
crawling: creep along, squirm, get on all fours, go down on all fours, commando crawl
crawling: belly crawl, inch along on one's belly
swimming: paddle, snorkel, do laps, swim laps, do the backstroke, do the breaststroke
swimming: tread water, splash, scuba dive, splash around, splash about, do the butterfly stroke
swimming: do the front crawl, swim around, go swimming, do a belly flop, dive in, swim across
flying: levitate, fly away, take flight, take to the air, take to the sky, take to the skies
flying: lift off, blast off, swoop, flap one's wings, fly off, spread one's wings, fly around
flying: fly up, soar through
celebrate: flex one's muscles, flex, raise one's arms, throw up one's arms, throw one's arms up
celebrate: lift one's arms, raise one's hands, pump one's fist, throw up one's hands
celebrate: do a victory dance, go wild, go crazy, go nuts, raise a trophy, lift a trophy
celebrate: raise a fist, raise one's fist, raise one's arm, triumph, raise arms, lift arms
celebrate: throw arms up, raise hands, party, whoop, exult, punch the air, fist pump
celebrate: pump one's fists, throw one's hands up, throw one's arms in the air
celebrate: throw one's hands in the air, cheer on, root for, raise one's arms in victory
celebrate: hold up a trophy, hold the trophy up, lift the trophy, raise the trophy
celebrate: hoist the trophy, win the race, win the game, hold a trophy aloft, do a fist pump
celebrate: jump up and cheer, throw up one's arms in triumph, cheer loudly, go mad with joy
celebrate: burst into cheers, break into cheers, erupt in cheers, lift one's hands
celebrate: throw one's fists in the air, give three cheers, lift a fist, make merry, revel
celebrate: win gold, win the match, win the fight, score a point, score a touchdown
dance: gyrate, foxtrot, cavort, frolic, breakdance, break dance, tap dance, tango, moon dance
dance: sway, shimmy, jive, twerk, salsa, polka, bust a move, bust some moves, bust out some moves
dance: cut a rug, shake one's hips, headbang, do ballet, jig, line dance, slow dance
dance: square dance, belly dance, floss, disco, krump, bop, rock out, mosh, hula, do the robot
dance: do the macarena, do the twist, do the conga, do the limbo, do the worm
dance: hit the dance floor, strut one's stuff, dab, sway to the music, move to the music
dance: move to the beat, hula hoop, spin and twirl, get down on the dance floor, do the salsa
dance: do the tango, do the waltz, do hip hop, dance around, pop and lock, do the chicken dance
dance: throw shapes, do zumba, cha cha, do the cha cha, rumba, limbo
cry: snivel, sniffle, whimper, bawl, burst into tears, break into tears, wail, shed tears, whine
cry: lament, blubber, shed a tear, tear up, well up, break down, break down in tears
cry: break down crying, dissolve into tears, cry one's eyes out, wipe away tears
cry: wipe away a tear, choke up, start crying, burst out crying, sob loudly, be in tears
cry: fall into tears, wipe one's tears, wipe one's eyes, let out a sob, moan
laugh: chortle, guffaw, cackle, snigger, snicker, burst into laughter, burst out laughing
laugh: start laughing, titter, howl with laughter, roar with laughter, double over laughing
laugh: laugh out loud, burst into giggles, snort, shake with laughter, hoot with laughter
laugh: erupt in laughter, double over with laughter, erupt into laughter, fall about laughing
laugh: have a laugh, share a laugh, explode with laughter, break into laughter
laugh: dissolve into giggles, scream with laughter, cry with laughter, crack up laughing
laugh: split one's sides, bend over laughing
handshake: congratulate, shake each other's hands, shake one's hand, shake on it, clasp hands
handshake: exchange handshakes, shake the hand, shake hands with, close the deal, seal the deal
handshake: make a deal, shake a hand
hug: kiss, comfort, console, give a hug, snuggle, wrap one's arms around, throw one's arms around
hug: squeeze, bear hug, fling one's arms around, put one's arms around, put one's arm around
hug: put an arm around, hold each other, fall into each other's arms, hold close, nuzzle
hug: hold tight, hold in one's arms, wrap an arm around
high_five: fist bump, give a high five, give five, bump fists, slap palms, low five
high_five: slap each other's hands, exchange high fives, give each other five
high_five: give each other high fives
fight_stance: snowboard, surf, square off, face off, raise one's fists, put up one's fists
fight_stance: put up one's dukes, clench one's fists, get ready to fight, prepare to fight
fight_stance: prepare for battle, strike a fighting pose, put one's fists up
fight_stance: put one's hands up to fight, take a boxing stance, adopt a fighting stance
fight_stance: get into a fighting stance, assume a fighting stance, take a karate stance
fight_stance: take a defensive stance, take up a fighting stance, do tai chi, practice tai chi
fight_stance: practise tai chi, get into fighting position, raise one's guard, put up one's guard
fight_stance: windsurf, draw one's sword, draw a sword
bow: curtsey, bend over, bend down, bend, bend forward, lean over, stoop, bow down
bow: bow one's head, bow deeply, bend at the waist, lean forward, take bows, touch one's toes
bow: take their bows, take one's bow, kowtow
pick_up: dig, pick something up, gather up, scoop up, lift weights, deadlift, bench press, hoist
pick_up: pluck, harvest, snatch, steal, seize, grasp, loot, lift up, lift a weight
pick_up: lift a barbell, lift a box, pick flowers, pick apples, pull out, take out, unload
pick_up: rescue, rob, pick a flower, gather flowers, gather wood, collect shells, dig up
pick_up: find and pick up, lift off the ground, pick up and carry, swipe, raise a barbell
pick_up: lift dumbbells, do weightlifting, put down, set down, drop off
fall: explode, fall over, topple, topple over, crash, drop dead, pass out, keel over, crumple
fall: wipe out, tip over, lose one's balance, lose one's footing, plummet, hit the ground
fall: hit the floor, hit the deck, black out, swoon, drop to the ground, drop to the floor
fall: fall to the ground, fall to the floor, fall flat, perish, slump to the floor, fall off
fall: fall out, roll down, drown, slip and fall, trip and fall, trip over, stumble and fall
fall: fall backwards, fall backward, fall flat on one's face, faceplant, sink to the ground
fall: sink to the floor, go down hard, collapse to the ground, collapse on the ground
fall: collapse onto the ground, trip on, come crashing down, crumple to the ground, stumble over
fall: slip on ice, slump to the ground, tumble down, take a tumble, take a fall, take a spill
fall: bite the dust, plunge, land on one's bottom, land on one's behind, land on one's butt
fall: land on one's back, land on one's face, slip on, nosedive, lose one's grip and fall
fall: go sprawling, fall sprawling, go down
crouch: cower, squat down, duck down, take cover, hunker down, hunker, do a squat, hide behind
crouch: hide under, stoop down, do squats, squat low, play hide and seek, lie low, crouch low
crouch: get down low, hide oneself, go into hiding, do lunges
cartwheel: do a handstand, do a handspring, turn cartwheels, turn a cartwheel, do a round off
cartwheel: do cartwheels, stand on one's hands, walk on one's hands
backflip: do a back handspring, do a front flip, turn a somersault, do a somersault, do a flip
backflip: flip over, back flip, front flip, do a barrel roll, flip backwards, roll
jumping_jacks: do aerobics, do yoga, practice yoga, practise yoga, do pilates, do calisthenics
jumping_jacks: do burpees, limber up, keep fit, do star jumps, do gymnastics, lift and stretch
jumping_jacks: train at the gym, do exercises, do some exercise
turn: turn back, whirl, whirl around, pivot, pirouette, twist, swivel, revolve, swirl
turn: wheel around, about face, do a 360, turn to face, turn one's back, turn on one's heel
turn: spin in circles, spin in a circle, turn one's head, turn away, turn toward, turn towards
turn: turn to, make a turn, do a spin, spin round, turn round, turn left, turn right
turn: face the other way
nod: accept, nod one's head, approve, consent, nod in agreement, give a nod, say yes, agree to
salute: give a salute, stand at salute, salute the flag
march direction=away: march off, march away
"""
"""A line: the action, the manner it implies, a colon, the verbs and phrases in base form."""
