"""The planner's own verbs and verb phrases: which action each calls, and in which manner.

They come on top of the verbs of the action table and before them, since they say more.
"""

from __future__ import annotations

from typing import Final

VERBS: Final = """
walk: go for a walk, tread, trek, perambulate, promenade, traipse, mosey, sashay, ramble
walk: parade around, make one's way, find one's way, pace up and down, pace around, walk over
walk: walk up, walk along, step up, step onto, step over, come over, come along, come closer
walk: go over, go up to, go home, bring, circle, bump, cross, head, travel, journey, carry, pass by
walk: walk by, deliver, escort, lead, guide, accompany, proceed, toddle, waddle, wade, set off
walk: set out, head off, head out, wander off, walk off, go on walking, keep on walking, move on
walk: move along, go past, return, come back, go back, walk back, head back, board, make for
walk: walk on, pass through, go through, go around, move through, wind one's way, pick one's way
walk: make one's way home, stretch one's legs, walk the dog, catwalk, come out, glide past
walk: glide by, continue up, continue down, continue along, continue through, continue on
walk: continue one's way, continue toward, continue towards, continue uphill, continue across
walk: reach the door, reach the end, reach the other side, reach the shore, reach the finish line
walk: reach home, reach the house, reach the goal, descend, trail behind, take the stage, sidle
walk: pad, slouch off, wend one's way, get moving, troop, file past, file out, mince, backpack
walk: mosey along, cross over, take a step, take steps, get closer, get near, tag along
walk: come forward, go forth, make a beeline, pass along, pull away, come forth, be on one's way
walk: pop in, drop by, swing by, go ahead, wander through, pace back and forth, head home
walk: take the dog for a walk, take one's dog for a walk
walk speed=0.8: stroll, amble, saunter, wander, roam, meander, dawdle, drift, potter, rove
walk speed=0.8: loiter around
walk speed=0.7: slow down, slow to a walk
walk speed=1.2: power walk, speed walk, walk briskly
walk speed=1.5: glide across, glide along, skate, ski, roller skate, ice skate, skateboard, slide
walk speed=1.5: roller blade, rollerblade, scooter, sled
walk style=sneaky speed=0.7: sneak, prowl, tiptoe, skulk, slink, stalk, edge, steal away, slip away
walk style=sneaky speed=0.7: slip past, slip out, slip into, inch, walk on tiptoe, walk on tiptoes
walk style=sneaky speed=0.7: lurk, creep up behind, creep up on, sneak up, creep past, creep out
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
walk direction=in: enter, arrive, come in, walk in, show up, turn up, come on stage, walk on stage
walk direction=in: make an entrance, step inside, come inside, go inside, walk inside, file in
walk direction=in: stroll in, return home, come home, step in, saunter in, wander in, stride in
walk direction=in: strut in, step on stage, file into, make one's entrance
walk direction=in style=angry: storm in, barge in
walk direction=out: leave, exit, depart, go away, walk out, step outside, make an exit, go outside
walk direction=out: walk outside, step out, head outside, set sail, leave the stage, stroll out
walk direction=out: walk off stage, walk away from the scene, slip off
walk direction=out style=angry: storm out
walk direction=toward: approach, come up to, walk up to, step up to, draw near, come near, close in
walk direction=toward: gather, assemble, gather round, gather around
walk direction=toward mutual: meet, meet up, get together, come together, reunite, encounter
walk mutual: follow, bump into
run: gallop, charge, hasten, scurry, scamper, run off, dart, bound, make a run for it
run: break into a run, race off, take off, run for cover, scuttle, speed off, hightail, hightail it
run: bolt away, fetch, retrieve, skedaddle, hurtle, storm off, take off running, stampede, hustle
run: scoot, skitter, whizz, zoom, scramble, barrel, tear across, tear along, tear through
run: tear down, hurry up, rush over, rush forward, race over, run up, run over, run around
run: run back, run along, charge at, run past, run through, take to one's heels, rush back
run: hurry over, hurry back, rush off, hurry off, run for one's life, run for their lives, lope
run: break into a jog, catch up, run on, run forward, run on the spot, run in place
run: jog on the spot, run home, zip, outrun, rush to, run for it, break into a gallop, run about
run: speed up, speed away, race around, break up running, pick up speed, leg it, get away, hare
run: make a break for it, break away, run free, romp, give chase, make off, put on speed, turn tail
run: run amok, run riot, run loose, rush by, dash by, run by, race by, gain on, run wild, beat it
run: come running, go running, go for a run, be off, cross the finish line, break the tape
run: cross the line, storm, storm into, storm through, storm towards
run speed=0.75: jog, trot, canter, jog in place, go jogging, go for a jog
run direction=away: flee, escape, run away, run for the hills, make one's escape, hurry away
run direction=away: rush away, scurry away, race away, scamper away, scatter, make a getaway
run direction=away: beat a retreat
run direction=in: run in, rush in, burst in, hurry in, dash in, come running in
run direction=out: run out, rush out, hurry out, dash out
run mutual: chase, run after, pursue, play tag, race after, hunt down, go after
sprint: sprint off, sprint away, dash off, dash away, bolt, race, tear off, break into a sprint
sprint: sprint back, run at full speed, run as fast as one can, make a dash for it, dash across
sprint: streak, make a dash, make a mad dash, put on a burst of speed, go full speed
sprint: go at full speed, race home, tear away, run flat out, run at full tilt, run like the wind
sprint: run very quickly, run at top speed, put on a sprint, go all out, floor it, rocket
sprint: run full speed, speed, sprint home, explode forward, explode off, explode out
march: stamp one's feet, goose step, march in place, march on the spot, march forward, march along
march: goosestep, go on a march, march past, march by, march in formation, stomp one's feet
march: file along, troop along, march up, march down, march through, march around, march on
march: parade up, parade down, parade past, parade by, parade through, stomp across, stomp through
march: tramp through
march style=angry intensity=1.4: stomp, tramp, stomp off, stomp around, stomp away, stamp, clomp
jump: pounce, lunge, jump up, jump up and down, jump down, hurdle, jump over, leap over, leap up
jump: leap forward, jump for joy, jump on the spot, bound over, spring up, jump out, leap out
jump: leap into the air, clear the hurdle, jump into the air, jump off, leap off, bungee jump
jump: bounce up and down, bounce on a trampoline, jump around, leapfrog, leap frog, rear up, rear
jump: parachute, skydive, ski jump, spring forward, spring back, take a leap, jump with joy
jump: leap with joy, leap for joy, jump into the water, jump in the water, jump in the pool
jump: jump into the pool, jump into the lake, jump into the sea, jump into the river
jump: jump into the ocean, leap into the water, leap into the pool, leap into the sea
jump: leap into the lake
hop style=happy: skip, gambol, caper, gallivant
hop: skip rope, jump rope, play hopscotch, hop on one leg, hop on one foot, bunny hop, skip along
hop: jump on one foot, jump on one leg, bounce on one leg, bounce on one foot
idle: stop, halt, freeze, stand there, stay put, linger, loiter, take a break, take a breath
idle: catch one's breath, hang around, hang out, remain, breathe, yawn, stretch, sneeze, cough
idle: shrug, sigh, think, ponder, shiver, tremble, knock, cook, hesitate, stand in line, queue
idle: queue up, line up, wait in line, listen, balance, hammer, rub, chop, order, practise, tie
idle: wash, wipe, clean, sweep, paint, hammer a nail, stand around, hold still, stay still
idle: stand motionless, stand frozen, remain still, stand stock still, stall, bide one's time
idle: daydream, loaf, take a breather, shake one's head, shrug one's shoulders, rub one's hands
idle: rub one's eyes, scratch one's head, scratch, cross one's arms, fold one's arms
idle: wipe one's brow, hold one's breath, check one's watch, check the time, tap one's foot
idle: close one's eyes, open, close, shut, take off one's, put on, set the table, lay the table
idle: stand in a queue, come to a stop, come to a halt, come to a standstill, grind to a halt
idle: pull over, lean against, lean on, mow, rake, bake, fry, stir, pour, mix, iron, sew, brush
idle: comb, shave, mop, scrub, vacuum, polish, dust oneself off, fix, repair, assemble furniture
idle: build, wink, blink, blush, sweat, take a photo, take a picture, take a selfie, snap a photo
idle: film, buy, sell, pay, unlock, lock, ring the bell, ring the doorbell, press a button
idle: take a deep breath, breathe deeply, cool down, calm down, play the guitar, play the violin
idle: play the flute, play the trumpet, play guitar, play drums, strum, light a candle
idle: light a fire, make a fire, button, unbutton, zip up, adjust, straighten one's tie
idle: wring one's hands, lather, water the plants, feed, pet, stroke, pat, tickle, massage
idle: look bored, look away, take one's hat off, take one's coat off, take one's jacket off
idle: take one's shoes off, take one's mask off, take one's helmet off, take one's glasses off
idle: take it off, take them off, wobble, huddle, huddle up, huddle together, catch oneself
idle: regain one's balance, keep one's balance, put one's head down, hang one's head
idle: lower one's head, shake one's fist, look at one's watch, plant, beat one's chest, slam, miss
idle: panic, flip one's hair, toss one's hair, flick one's hair, honk, recover, lower one's arms
idle: tuck in, film oneself, unfold, drum, serve, stand in silence, wait for, put on one's
idle: play cymbals, roll one's eyes, roll up one's sleeves, spread one's arms, spread one's legs
idle: stand perfectly still, stand very still, stand by, stand idle, stand waiting, keep still
idle: hold on a moment, stop short, loll about, stand doing nothing, cringe, stretch out a hand
idle: stretch out one's hand, fan oneself, fan, saw, saw wood, stick out one's tongue
idle: stick one's tongue out, pull a face, make a face, pull faces, make faces
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
wave: flap like a bird, signal to the driver, flail one's arms, wave someone over, wave over
wave: wave down, raise an arm, lift an arm, hold up a hand, hold up one's hand, stick one's hand up
wave: give a wave goodbye, flail, wave one's wand, wave a wand
talk: teach, instruct, reply, respond, announce, lecture, preach, complain, gossip, debate
talk: negotiate, recite, give a speech, make a speech, make a call, make a phone call, take a call
talk: tell a story, tell stories, quarrel, bicker, apologise, apologize, narrate, introduce, phone
talk: telephone, ring up, answer the phone, mention, remark, comment, inform, describe, babble
talk: chatter, natter, interview, plead, persuade, reassure, flirt, joke, confess, thank, scold
talk: berate, bargain, haggle, dictate, chit chat, exchange words, exchange pleasantries, speak up
talk: crack a joke, tell a joke, tell jokes, catch up on gossip, lay out a plan, deliver a speech
talk: say a few words, hold a speech, have words, strike up a conversation, make small talk
talk: chat away, vote, tease, command, recount, relate, brief, address, swap stories, share stories
talk: exchange stories, admit, boast, brag, nag, insist, confer, deliberate, consult, mediate, plot
talk: scheme, talk on the phone, make conversation, toast the couple, rehearse one's lines
talk: read aloud, read out loud, give a lecture, talk it over, swear, curse, warn, remind, call
talk: ramble on, be on the phone, report, give instructions, stammer, stutter, blurt, blurt out
talk: utter, question, give advice, interrogate, counsel, dispute, squabble, chew the fat
talk: hold forth, inquire, enquire, state, retort, speak out, blather, jabber, yak, prattle
talk: chit-chat, confer with, give thanks, say grace, say a prayer aloud, muse aloud, whine about
talk: gripe, present, lecture about, propose a toast to, tell off, suggest, propose a plan
talk: question about, break the news, make an announcement, sermonise, console, host, emcee
talk: hold a press conference, hold a conversation, talk shop, have a word, quote, pitch an idea
talk: advise, count, count out loud, count down, count aloud, count to, count off
talk: recite the alphabet
shout: roar, bellow, cry out, shriek, howl, bark, boo, call for help, screech, exclaim, rant, snarl
shout: growl, jeer, heckle, hoot, proclaim, raise one's voice, snap at, call to, call after
shout: cry for help, shout out, yell out, scream out, yell at, bark orders, bark out orders
shout: hiss at, argue loudly, declare, cheer loudly at, hurl insults, throw a tantrum, call down
shout: give a war cry, let out a battle cry, squeal, hiss, crow, yelp, squawk, meow, miaow, mew
shout: moo, baa, bleat, neigh, whinny, croak, cluck, quack, chirp, tweet, purr, bray, oink
shout: holler out, squall, call one's name, call out one's name, make a noise, cuss, protest
shout: let rip, yap, trumpet, thunder, let out a whoop, cry wolf, curse at, swear at
shout makes=jump: scare, frighten, startle, spook
whisper: mumble, speak softly, speak quietly, talk quietly, talk softly, confide, tell a secret
whisper: share a secret, speak in a low voice, whisper in one's ear, whisper into one's ear
whisper: exchange secrets, share secrets, talk in a low voice, talk under one's breath
whisper: speak under one's breath, speak in a whisper, talk in whispers, speak in hushed tones
whisper: pass on a secret, mumble under one's breath, mutter under one's breath
sing: sing a song, chant, hum a tune, whistle, yodel, croon, belt out, belt out a song, warble
sing: carol, rap, harmonise, harmonize, do karaoke, perform a song, sing along, sing karaoke
sing: burst into song, break into song, belt out a tune, sing a lullaby, hum a song, lip sync
sing: beatbox
point: shoot at, shoot an arrow, shoot a gun, fire a gun, fire at, open fire, take aim
point: give a thumbs up, hand over, offer, hand, reach out, reach, gesture, gesture at, gesture to
point: aim, motion, point one's finger, show the way, direct traffic, signal to, point out
point: wag one's finger, hold out one's hand, point the way, point one's sword, draw a bow
point: pass a note, extend one's hand, hold out a hand, give directions, fire, fire one's
point: fire one's pistol, fire one's gun, draw one's gun, draw a gun, draw one's pistol
point: draw one's weapon, pull a gun, pull out a gun, whip out one's gun, draw one's revolver
point: shoot one's gun, shoot one's pistol, loose an arrow, take a shot at the target, thumb a lift
point: hitchhike, single out, finger, hold out, extend a hand, jab a finger, pull out a pistol
point: aim one's gun, level one's gun, cast a spell, zap, raise one's wand, stick out one's thumb
point: stick one's thumb out, hold up a sign, hold out one's thumb
clap: give a round of applause, clap one's hands, put one's hands together, give a standing ovation
clap: clap along, break into applause, burst into applause, erupt into applause, give applause
clap: applaud loudly, clap in rhythm, slow clap, give a hand, give a big hand, give a slow clap
batting: play tennis, play golf, play cricket, play hockey, play badminton, play ping pong, swing
batting: swing a racket, swing a club, swing a golf club, bunt, play baseball, hit a home run
batting: hit a baseball, hit the baseball, swing at the ball, play table tennis, play softball
batting: play squash, tee off, putt, hit a homer, smash the ball, whack the ball, strike the ball
batting: swat, swing one's bat, take a swing, swing and miss, hit a golf ball, hit the tennis ball
batting: hit a tennis ball, hit the pitch, smash a home run, bat the ball, hit a double
batting: hit a single, swing an axe, chop wood, swing a hammer, swing a sledgehammer, strike out
batting: swing a stick, knock the ball out of the park, slug a homer, be at bat
batting: take a swing at the ball, take a swing at the pitch, step up to the plate
batting: hit it out of the park, hit a fly ball, hit a grounder, swing for the fences
batting: crack a home run, hit the shuttlecock, return the serve, hit the puck, swing the club
batting: swing one's racket, hit a forehand, hit a backhand, smash a homer, hit a line drive
batting: drive the ball, chip the ball, hit the golf ball, play pickleball, play lacrosse
batting: play croquet, sink a putt, swing at the pitch, return the ball, return the shot
batting: hit it back, hit the ball back, hit back the ball, chop down a tree, chop down
batting: cut down a tree, fell a tree, chop at, hack at a tree, swing the axe, smash it back
batting: smash an overhead, hit an ace, serve an ace, hit a serve, smash it over the net
pitching: throw a fastball, throw a curveball, wind up, hurl a fastball, deliver a pitch
pitching: throw the pitch, hurl a pitch, throw a strike, pitch the ball, pitch a ball
pitching: pitch a baseball, throw the first pitch
catching: snag, intercept, receive the ball, receive a pass, receive the pass, catch the ball
catching: snatch the ball, grab the pass, make a save, save the shot, save the penalty
catching: save the goal, save the ball, save it, make the save, make a catch, block the shot
catching: stop the ball, stop the shot, trap the ball, collect the ball, pluck the ball
catching: save a penalty, save a shot, make a great save, pull down the rebound, grab the rebound
catching: get the rebound, rebound
running_bases: run to first base, run to second base, run to third base, run to first
running_bases: run to second, slide into home, slide into base, slide into second base
running_bases: circle the bases, run around the bases, sprint to first base
running_bases: sprint around the bases, dash to first base, race around the bases
running_bases: steal second base, steal second, jog around the bases, run from base to base
running_bases: head for first base, run toward first base, run home base, slide into home plate
running_bases: run to home plate, round third, round second, round first, head for home
running_bases: slide into first, slide into second, slide into third, slide home
running_bases: slide into home base, run to third, run to home, run home from third
running_bases: round first base, round second base, round third base, make it to first base
running_bases: take off for second
fielding: field a grounder, field a ground ball, field the grounder, scoop the ball up
fielding: field a fly ball, scoop up a grounder, scoop up a ground ball, field a bunt
fielding: shag fly balls, scoop up the baseball
throwing: juggle, play fetch, play frisbee, play dodgeball, play darts, bowl, play bowling
throwing: serve the ball, fire a snowball, play catch, chuck, sling, launch, skip stones
throwing: skip a stone, pelt, bombard, spike, hand off, play volleyball, spike the ball
throwing: play water polo, have a snowball fight, scatter seeds, cast a line, play with a ball
throwing: toss around, pass around, pass the ball, throw a ball, throw a snowball, throw darts
throwing: play ball, play handball, play rugby, play american football, shoot put, deal the cards
throwing: strew, roll a ball, roll the ball, roll the dice, roll a dice, cast a net, flip a coin
throwing: deal cards, shy, snowball, throw overboard, throw back, lob back, dole out cards
throwing: scatter confetti, skim stones, skim a stone, shoot rubber bands, serve a volleyball
throwing: set the ball, bump the ball, put the shot, have a snowball battle, play dodge ball
throwing: fling away, throw away, toss away, throw out the trash, strew petals, set off a firework
throwing: sow seeds, sprinkle, spray, drop a bomb, catapult, roll a bowling ball, bowl a strike
throwing: cast a fishing line, cast one's line, chuck away, hurl away, pass the puck
kicking: play soccer, play football, score a goal, kick a soccer ball, kick it, punt
kicking: take a penalty, kick a penalty, take a free kick, take a corner, score a penalty
kicking: boot the ball, take a penalty kick, kick the football, kick around a ball
kicking: pass with one's foot, volley, juggle a soccer ball, kick a football, shoot on goal
kicking: kick a can, take a shot at goal, take a shot on goal, kick a stone, take the penalty
kicking: shoot the soccer ball, fire a shot at goal, fire a shot, kick a goal, kick the can
kicking: net a goal, score from the spot, drill the ball, strike the football
kicking: strike the soccer ball, smash the ball into the net, put the ball in the net
kicking: head the ball, slot home, slot the ball, slam the ball into the net, play kickball
kicking: cross the ball, clear the ball, tap the ball in, blast the ball, take the free kick
kicking: take the corner, curl the ball, chip the keeper, pass the soccer ball
kicking: score a penalty kick, convert the penalty, score the winning goal, score the winner
kicking: score a header, play keepy uppy, kick the ball around, take penalties
dribbling: play basketball, bounce a ball, bounce the ball, bounce a basketball
dribbling: drive to the basket, drive to the hoop, dribble past, bring the ball up
dribbling: bounce the basketball, handle the ball, dribble up, dribble down
shooting: shoot at the basket, shoot at the hoop, make a basket, score a basket, make a shot
shooting: shoot the ball, throw a free throw, shoot a free throw, take a free throw
shooting: make a free throw, make a layup, slam dunk, sink a basket, sink a three pointer
shooting: shoot a three pointer, take a jump shot, shoot free throws, make a dunk, shoot a hoop
shooting: score a three pointer, hit a three pointer, dunk the ball, shoot some hoops
shooting: sink the shot, make the shot, take the shot, score a layup, go for a layup, nail a three
shooting: drain a three, drain a three pointer, nail a three pointer, hit a jumper, hit a jump shot
shooting: swish a three pointer, hit a free throw, make a three pointer, make a jump shot
shooting: shoot the basketball, throw down a dunk, shoot baskets, shoot a three, sink a free throw
shooting: sink a three
fight: trade punches, exchange punches, trade blows, exchange blows, swing one's sword
fight: swing a sword, slash, brandish, wield a sword, duel, clash, grapple, sword fight
fight: have a fight, shadow box, fence, scuffle, tussle, duke it out, come to blows, scrap
fight: skirmish, assault, ambush, maul, combat, joust, fight off, gang up on, mug, take on, rumble
fight: practice karate, practise karate, do karate, practice kung fu, practise kung fu, do kung fu
fight: practice martial arts, practise martial arts, do martial arts, practice judo, do judo
fight: battle it out, fight back, cross swords, lock horns, roughhouse, rough house, play fight
fight: arm wrestle, swing swords, clash swords, stab, throw hands, do battle, square up and fight
fight: fight it out, go on the attack, shadowbox, swing at each other, go at each other
fight: trade kicks, exchange kicks, fence with, wage war, war, raid, feud, do boxing, have a duel
fight: have a brawl, fist fight, thrash, rough up, go to war, parry and thrust, strike back
fight: counterattack, retaliate, smite, pull each other's hair, beat each other, swordfight
fight: do jiu jitsu, do taekwondo, do wrestling, practise boxing, practice boxing, practise fencing
fight: practice fencing, mud wrestle, sumo wrestle, struggle with, resist, lash out, get into it
fight: stab at, hack at, slash at, cut down
fight makes=fall: defeat, vanquish, slay, beat up, overpower, finish off, kill, murder, slaughter
fight makes=fall: destroy, best, kayo
punch: throw a punch, throw a jab, throw an uppercut, throw a hook, throw punches, slap, smack
punch: clobber, wallop, thump, slug, sock, pummel, clout, pound, whack, bash, land a punch
punch: take a swing at, spank, throw a left hook, throw a right hook, throw jabs, land a blow
punch: deliver a blow, hit back, punch back, bang on, deal a blow, karate chop, hammer on, deck
punch: beat on, beat the drum, drum on, box one's ears, rap on, knock on the door hard
punch: swing one's fists, hit with one's fist, swing a fist, throw a right, throw a left
punch: hit the bag, work the bag, hit a punching bag, throw a haymaker, land a hook, land a jab
punch: land an uppercut, pound on, pound one's fist, slam one's fist, bang one's fist
punch: thump one's chest, land a hit, land a right hook, land a left hook, land a slap, give a slap
punch: swing at, swat at, strike at, poke, prod, jab at, punch each other, hit each other
punch: break a board, break boards, smash a board, split a board, break a brick, break bricks
punch: break a plank, chop a board
punch makes=fall: knock down, knock over, knock out, floor
kick: throw a kick, throw kicks, karate kick, drop kick, kick out, kick at, do a high kick
kick: kick it open, kick the door open, kick in the door, kick down the door, kick open, boot
kick: dropkick, roundhouse kick, side kick, front kick, high kick, spin kick, axe kick, back kick
kick: scissor kick, kick the air, kick in, swing one's leg, do a roundhouse, land a kick
kick: flail one's legs, kick one's legs
dodge: step aside, swerve, deflect, fend off, ward off, bob and weave, dive aside, jump aside
dodge: leap aside, jump out of the way, dive out of the way, get out of the way
dodge: step out of the way, move out of the way, leap out of the way, flinch, recoil, lean back
dodge: duck out of the way, duck under, shield oneself, move aside, avoid, roll out of the way
dodge: jump back, leap back, shy away, twist out of the way, spin out of the way, shrink back
dodge: shrink away, jerk back, jerk away, pull back, dance out of the way, jink, hop aside
dodge: jump clear, leap clear, roll away, duck away, dart aside, swerve aside, swerve around
dodge: narrowly avoid, pull away from, slip the punch, slip a punch, block a punch, block a blow
dodge: ward off a blow, skip aside, spring aside, twist away, swat away, fend off a blow
dodge: duck and dive, duck and weave, weave and dodge, veer, scoot out of the way, get clear
dodge: ride the punch, back away from the punch, dive for cover
push: press, nudge, barge, jostle, push open, shove aside, push aside, push away, play tug of war
push: push back, elbow, shoulder, shoulder one's way, bulldoze, ram, heave against, force open
push: force the door open, thrust, thrust aside, elbow one's way, shove one's way, push one's way
push: push past, shove past, push through, muscle through, roll a boulder, roll a barrel, push off
push: charge into, slam into, crash into each other, bump chests, chest bump, butt, headbutt
push: head butt, shove off, wheel a cart, lean on the door, boost, break up, separate, pull apart
push: break apart
push makes=fall: tackle, push over, shove over, push down, shove down, push to the ground
push makes=fall: push to the floor, shove to the ground, bowl over, tackle to the ground
push makes=fall: wrestle to the ground, throw to the ground, slam to the ground
push makes=fall: knock to the ground, pin to the ground, throw to the floor, throw to the mat
push makes=fall: pin down, slam to the mat, slam to the floor, slam down, body slam
push makes=fall: throw over one's shoulder, flip over one's shoulder, tip over, wrestle down
push makes=fall: ram to the ground, send sprawling, pin to the mat, sack, throw down, judo throw
sit: drive, ride a horse, ride a bike, ride, play chess, play cards, play video games, cycle
sit: row a boat, knit, fish, rock in one's chair, rock in a chair, rock on a chair, perch
sit: have a seat, be seated, seat oneself, sit oneself down, plop down, plonk down, flop down
sit: slump, settle down, lounge, take one's seat, take seats, take their seats, find a seat
sit: sit cross legged, meditate, steer, pedal, sit back, row, sink into a chair, slump into a chair
sit: collapse into a chair, drop into a chair, plop into a chair, sink onto a bench
sit: sink into the sofa, flop onto the couch, flop onto the sofa, plop onto the couch, watch tv
sit: watch television, watch a movie, watch a film, play checkers, play poker, play a board game
sit: play board games, settle into a chair, settle into an armchair, settle on a bench, grab a seat
sit: collapse onto a bench, collapse on a bench, drop onto a bench, sink down, sit oneself
sit: collapse onto the sofa, collapse on the sofa, collapse onto the couch, collapse on the couch
sit: flop into a chair, fall into a chair, paddle a canoe, go fishing, straddle, take one's place
sit: relax on, relax in, park oneself, plonk oneself, plop oneself, plant oneself
sit: lower oneself into, lower oneself onto a chair, lower oneself onto a bench
sit: lower oneself onto a stool, ease oneself into, ease oneself onto, drop oneself into
sit: throw oneself into a chair, throw oneself onto a chair, fling oneself into a chair, roost
sit: mount a horse, get in the car, get into the car, get in a car, get into a car
sit: climb into the car, hop in the car, hop on a bike, get on the bike, get on a bike
sit: get on the horse, get on a horse, ride on, ride away, ride off, drive off, drive away
sit: drive around, bike, motorbike, sit around, play solitaire, play cards with, play dominoes
sit: play monopoly, paddle a kayak, kayak, canoe, sail, go for a drive, go for a ride, take a ride
sit: take a drive, play a video game, play the drums, play the cello, play the harp
sit: swing on a swing, swing on the swing, sit on a swing, slide into the booth
sit: slide into the seat, slide into a seat, slide into a booth, sink into an armchair
sit: sink into a sofa, sink onto the couch, sink into the couch, drop onto the sofa
sit: drop onto the couch, pull up a chair, take a load off, rest on a bench, rest on the bench
sit: rest on a chair, squat on a stool, spin wool, crochet
lie_down: roll over, roll around, sunbathe, slumber, recline, sprawl, go to sleep, fall asleep
lie_down: go to bed, doze, doze off, snooze, lie back, nod off, drift off, drift off to sleep
lie_down: hit the hay, curl up, snore, bask, have a lie down, go back to sleep, climb into bed
lie_down: get into bed, flop onto the bed, collapse onto the bed, collapse into bed, fall into bed
lie_down: stretch out on, sprawl out, lie flat, lie still, play dead, crawl into bed
lie_down: fall fast asleep, take a siesta, lay back, lie asleep, get some sleep, get some rest
lie_down: catch some sleep, stretch out on the, take naps, make snow angels, make a snow angel
lie_down: tuck oneself in, retire to bed, do push ups, do sit ups, do pushups, do situps, do planks
lie_down: do a plank, do crunches, roll onto, rest on the bed, rest in bed, rest on the grass
lie_down: turn in, turn in for the night, hit the sack, catch forty winks, catch some z's
lie_down: crash on the couch, crash on the sofa, crash out, bed down, flop onto one's bed
lie_down: flop on the bed, lower oneself onto the bed, lower oneself into bed
lie_down: throw oneself onto the bed, throw oneself on the bed, fall onto the bed, fall back asleep
lie_down: fall into a deep sleep, pass the night, hibernate, kip, have a kip, get a nap
lie_down: take a rest on the bed, curl up in bed, curl up in a ball, take forty winks, nestle down
lie_down: sleep soundly, lounge in the sun, lie around, laze, laze around, laze on
lie_down: relax on the bed, relax on the grass, relax on the beach, relax in the sun
lie_down: snuggle into bed, do a push up, do a sit up, do press ups, do bench presses
lie_down: collapse in bed, flop down on the bed, flop into bed, stretch out in the sun
lie_down: rest on one's back, roll around on the floor, roll on the ground, roll on the grass
lie_down: wallow
kneel: worship, take a knee, bend the knee, bend a knee, pop the question, plead on one's knees
kneel: go down on one knee, get down on one knee, drop to one's knees, fall to one's knees
kneel: sink to one's knees, go down on one's knees, drop to one knee, drop on one knee
kneel: fall to one knee, sink to one knee, drop down on one knee, fall on one's knees
kneel: get on one's knees, get on one knee, drop to both knees, fall on one knee
kneel: get down on one's knees, get down on a knee, say a prayer, say one's prayers
kneel: drop to their knees, ask for one's hand in marriage, be on one's knees, rest on one knee
kneel: lower oneself to one knee, lower oneself onto one knee, lower oneself onto one's knees
kneel: lower oneself to one's knees, get on bended knee, go down on bended knee, beg for mercy
kneel: beg for forgiveness, plead for mercy, collapse to one's knees, fall onto one's knees
kneel: drop onto one's knees, crash to one's knees, crumple to one's knees
kneel: sink down to one's knees, fall down on one's knees, throw oneself to one's knees
kneel: prostrate oneself, ask to marry, throw oneself at one's feet, bow down on one's knees
kneel: plant one knee, kneel in prayer, repent, implore, beseech, slump to one's knees
kneel: drop down to one's knees, drop down onto one's knees
stand: pose, strike a pose, stand to attention, stand at attention, stand guard, stand tall
stand: get to one's feet, get on one's feet, rise to one's feet, straighten, jump to one's feet
stand: leap to one's feet, spring to one's feet, scramble to one's feet, struggle to one's feet
stand: climb to one's feet, come to one's feet, stand back up, stand upright, stand on one leg
stand: stand on tiptoe, stand on tiptoes, rise up, stagger to one's feet, stumble to one's feet
stand: stand proudly, snap to attention, come to attention, haul oneself to one's feet
stand: pull oneself to one's feet, haul oneself upright, be on one's feet, assume a pose
stand: hold a pose, be back on one's feet again, stand to one's feet, struggle upright, get upright
stand: jump back to one's feet, lift oneself up from, push oneself to one's feet
stand: shoot to one's feet, push up off the floor, push off the floor, push up from the ground
stand: push up from the floor, vogue, model, strike poses, form a pyramid, form a human pyramid
get_up: get off, get out of bed, arise, wake, awake, awaken, pick oneself up, pull oneself up
get_up: sit up, push oneself up, climb out of bed, roll out of bed, jump out of bed
get_up: leap out of bed, get back on one's feet, get back to one's feet, get up again
get_up: roll to one's feet, be back on one's feet, get up off, haul oneself up, struggle up, rouse
get_up: sit upright, get out, rise from the ground, rise from the floor, rise from the bed
get_up: rise from the dead, rise from the grave, scramble back to one's feet, get up from
get_up: spring back up, hop out of bed, be up again, bounce back up, jump back up, pop back up
get_up: get back on one's feet again, come round, come to, come to one's senses, come to life
get_up: come back to life, come alive, regain consciousness, roll off the bed, roll off the couch
get_up: get off the couch, get off the floor, get off the ground, get up off the floor
get_up: get up off the ground, rise again, be awake, sit bolt upright, push oneself up off
get_up: push oneself up from, push up off the ground, leap up from, get out of a chair
get_up: get out of one's chair, get out of her seat, climb out of a hole, be woken, be awoken
get_up: be awakened, rise and shine, revive, recover one's feet, get moving again
get_up: get off the bench, struggle back up
pick_up makes=get_up: help up, pull to one's feet, help to one's feet
eating: gobble, munch, devour, nibble, dine, feast, bite, taste, have a meal, have a snack
eating: wolf down, scarf, scarf down, dig in, pig out, lick, graze, gnaw, consume, tuck into
eating: dig into, finish one's meal, have a bite, share a meal, share a pizza, grab a bite
eating: grab lunch, crunch, have a picnic, have brunch, have supper, eat up, have some cake
eating: have a sandwich, have dessert, have breakfast, peck, barbecue, gorge, gorge on, feed on
eating: chomp, chomp on, help oneself to, polish off, put food in one's mouth, sample, pick at
eating: spoon up, spoon, suck, stuff one's face, stuff oneself, shovel food, sink one's teeth
eating: slurp noodles, slurp soup, slurp spaghetti, swallow food, crunch on, scoff, wolf
eating: gulp down food, picnic, breakfast, brunch, binge, binge on, overeat, chow down, break bread
eating: feed oneself, take bites, peck at, have a bite to eat, grab something to eat
eating: get something to eat, have something to eat, savor one's food, eat out
drinking: make a toast, toast, clink glasses, slurp, swallow, guzzle, have a drink, chug, swig
drinking: quaff, gulp down, drain one's glass, raise a glass, have a coffee, have a beer
drinking: have a cup, have some tea, have some water, lap up, chug down, have coffee, have tea
drinking: down a glass, down a drink, down a beer, sip at, clink one's glasses, grab a coffee
drinking: grab a drink, drink up, have drinks, propose a toast, clink cups, raise one's glass
drinking: raise one's glasses, quench one's thirst, drain one's cup, knock back, savour a glass
drinking: savor a glass, savour a cup, savour one's wine, take a shot, down a shot, do a shot
drinking: do shots, swill, drain a glass, drain the glass, down one's drink, down one's beer
drinking: take a pull, hydrate, have a shot, have a swig, nurse a beer, nurse a drink, sip on
drinking: wash it down, booze, lap milk, lap water, drain one's mug, have something to drink
drinking: get something to drink
reading: leaf through, flip through, browse, pore over, peruse, page through, skim, consult a map
reading: check the map, do homework, look at a book, look at a map, study a map, thumb through
reading: do one's homework, read up, look through a book, look at one's phone, check one's phone
reading: scroll, check one's messages, be lost in a book, be deep in a book, be buried in a book
reading: bury one's nose, have one's nose in a book, be absorbed in a book, be engrossed in a book
reading: study for, rifle through a book, flick through, turn the pages, open a book
reading: get lost in a book, curl up with a book, immerse oneself in a book, read over, reread
reading: look over one's notes, go over one's notes, revise for, cram for, cram, check one's email
reading: check one's emails, look at the menu, study the menu, decipher, flip through a book
reading: flip through a magazine, flip through the pages
typing: play the piano, play piano, play the keyboard, draw a picture, sketch, jot, jot down
typing: scribble, text, email, tap away, work at a computer, work at one's desk
typing: work at one's computer, take notes, doodle, hack, keyboard, work on one's laptop
typing: work on one's computer, write down, play the organ, send a text, send a message
typing: send an email, write a letter, sign, write a note, type away, use a computer, use a laptop
typing: surf the web, draft, hammer away at the keyboard, hammer at the keyboard
typing: pound the keyboard, pound on the keyboard, tap at the keyboard, do some typing, bang away
typing: work at a desk, fill in a form, fill out a form, fill in, fill out, pen a letter, pen
typing: enter a password, enter data, browse the internet, browse the web, surf the internet
typing: surf the net, compose an email, compose a letter, compose, use one's phone, type up, tap at
typing: tap on one's phone, tap on one's keyboard, pound away, clack away, play a computer game
typing: crunch numbers, transcribe, take down notes, paint a picture, draw, draw on, draw something
typing: write up, write out, write on, copy out, key in, hammer out, play the synthesizer
typing: play keyboards, play the keyboards, play an organ, send an e mail, post on
typing: reply to an email, reply to emails, answer emails, make notes, update, log in, log on
looking_around: gawk, squint, ogle, peek, peer, gaze, stare, inspect, examine, investigate, look at
looking_around: look behind, look back, survey, admire, gape, observe, keep watch, keep a lookout
looking_around: stargaze, spy, rummage, scout, check out, look out, look over, look up, look down
looking_around: look left, look right, look left and right, look both ways, look for, hunt for
looking_around: seek, look into, take in the view, take in the sights, scour, cast a glance
looking_around: look in all directions, look about, enjoy the view, birdwatch, watch out, look on
looking_around: sightsee, look up at, go sightseeing, scan the horizon, check left and right
looking_around: search for, look through, look over one's shoulder, glance over one's shoulder
looking_around: peer over one's shoulder, take a look around, check one's surroundings
looking_around: keep an eye out, keep an eye on, contemplate, peep, eye, leer, goggle, look round
looking_around: prospect, snoop, poke around, nose around, keep guard, take in
looking_around: take in one's surroundings, watch over, monitor, track, case the joint
looking_around: look everywhere, cast around, cast about, look the other way, check the horizon
looking_around: look through binoculars, look through a telescope, gaze around, stare around
looking_around: glance about, feel around, grope around, check around, look across
looking_around: look this way and that, peer around, peek out, stare into space, people watch
looking_around: glance up, glance back, glance down, glance over, look past, wait and watch
looking_around: stand watch, stare down, go looking, go searching, sniff around, sniff
climbing: climb out, climb over, climb down, clamber, scramble up, shimmy up, go up the stairs
climbing: go up a ladder, hoist oneself up, rappel, abseil, climb up, clamber up, clamber over
climbing: climb back, climb to the top, rock climb, go rock climbing, scramble over, cling
climbing: hang from, dangle, hang on, get out of the water, get out of the pool, reach the summit
climbing: reach the top, reach the peak, swing from, swing through the trees, swing on
climbing: swing from tree to tree, haul oneself up a rope, pull oneself up the wall
climbing: pull oneself up a wall, pull oneself up the rope, pull oneself up a rope
climbing: pull oneself onto, pull oneself over, haul oneself over, haul oneself onto, do pull ups
climbing: do a pull up, do chin ups, do pullups, do chinups, mount the ladder, mount a ladder
climbing: go mountain climbing, go bouldering, boulder, mountaineer, make one's way up the cliff
climbing: clamber onto, clamber into, clamber aboard, climb aboard, scale the fence, shin up
climbing: shinny up, swing on a rope, swing on a vine, swing across, do the monkey bars
climbing: come down the ladder, go down the ladder, walk up the wall, hang by, hang off
climbing: hang upside down, shimmy down, slide down a pole, slide down a rope, climb onto, climb on
crawling: crawl up, slither, wriggle, crawl on all fours, go on all fours, worm, crawl along
crawling: creep along, squirm, get on all fours, go down on all fours, commando crawl, belly crawl
crawling: inch along on one's belly, drag oneself along the floor, drag oneself along the ground
crawling: drag oneself across, move on hands and knees, go on hands and knees
crawling: get on one's hands and knees, get down on all fours, get down on one's hands and knees
crawling: drop to all fours, drop on all fours, drop to one's hands and knees, army crawl
crawling: bear crawl, crab walk, scoot on one's belly, slide on one's belly, creep forward
crawling: creep through, creep under, snake, snake through, inch forward on one's belly
crawling: shuffle on one's knees, slink on one's belly, be on all fours, walk on all fours
swimming: paddle, snorkel, do laps, swim laps, do the backstroke, do the breaststroke, tread water
swimming: splash, scuba dive, splash around, splash about, do the butterfly stroke
swimming: do the front crawl, swim around, go swimming, do a belly flop, dive in, swim across
swimming: plunge into the water, plunge into the pool, plunge into the sea, plunge into the lake
swimming: plunge into the river, plunge in, take a plunge, take a dip, have a dip, dip in
swimming: dog paddle, doggy paddle, backstroke, breaststroke, skinny dip, wade in, do breaststroke
swimming: do backstroke, do the crawl, do front crawl, do freestyle, cannonball into, cannonball
swimming: float on one's back, do the dead man's float, bob, bob in the water, surface
flying: levitate, fly away, take flight, take to the air, take to the sky, take to the skies
flying: lift off, blast off, swoop, flap one's wings, fly off, spread one's wings, fly around
flying: fly up, soar through, glide over the city, take off into the air, take off into the sky
flying: float in the air, zoom through the sky, zoom through the air, rise into the air
flying: rise into the sky, float up, lift off the ground, circle overhead, float away, flutter
flying: flutter around, flutter away, flutter about, float above, float over, float through the air
flying: float off, hover over, buzz, buzz around, glide down, glide through the air
flying: glide through the sky, glide above, glide over, swoop over, swoop in, take wing, wing
flying: wheel overhead, rise up into the air, rise up into the sky, shoot into the sky
flying: shoot up into the sky, shoot through the sky, take off and fly, ascend into the sky
flying: ascend into heaven, ascend to heaven, float upward, float upwards, float in space
flying: float through space, float in zero gravity, drift through space, drift in space
flying: sail through the air, parasail, hang glide, paraglide, zoom overhead, leap into flight
flying: ride a dragon, ride a broom, ride a broomstick, ride on a broomstick, hover in the air
flying: launch oneself into the air, blast into the sky, fly through
celebrate: flex one's muscles, flex, raise one's arms, throw up one's arms, throw one's arms up
celebrate: lift one's arms, raise one's hands, pump one's fist, throw up one's hands
celebrate: do a victory dance, go wild, go crazy, go nuts, raise a trophy, lift a trophy
celebrate: raise a fist, raise one's fist, raise one's arm, triumph, raise arms, lift arms
celebrate: throw arms up, raise hands, party, whoop, exult, punch the air, fist pump
celebrate: pump one's fists, throw one's hands up, throw one's arms in the air
celebrate: throw one's hands in the air, cheer on, root for, raise one's arms in victory
celebrate: hold up a trophy, hold the trophy up, lift the trophy, raise the trophy
celebrate: hoist the trophy, win the race, win the game, hold a trophy aloft, do a fist pump
celebrate: throw up one's arms in triumph, cheer loudly, go mad with joy, burst into cheers
celebrate: break into cheers, erupt in cheers, lift one's hands, throw one's fists in the air
celebrate: give three cheers, lift a fist, make merry, revel, win gold, win the match
celebrate: win the fight, score a point, score a touchdown, raise one's fists in triumph
celebrate: raise one's fists in victory, hoist the cup, lift the cup, hold up the cup
celebrate: pump both fists, pump a fist, raise both arms, raise both hands, throw both arms up
celebrate: throw a party, jubilate, high five everyone, do a little victory dance
celebrate: win the championship, win the cup, win the tournament, win a medal, win a prize
celebrate: win the gold medal, take a victory lap, be overjoyed, cheer for, hurrah
celebrate: go berserk, go bananas, go mad, whoop it up, throw one's hat in the air
celebrate: throw their hats in the air, throw their caps in the air, toss one's hat in the air
celebrate: erupt with joy, explode with joy, shout for joy, exclaim with joy, shout hooray
celebrate: shout hurray, rave, let out a cheer, hold one's arms aloft, spray champagne
celebrate: pop champagne, wave one's arms in triumph, raise the roof, make it, score a run
celebrate: score the winning run, commemorate, flaunt, crow with delight
dance: gyrate, foxtrot, cavort, frolic, breakdance, break dance, tap dance, tango, moon dance, sway
dance: shimmy, jive, twerk, salsa, polka, bust a move, bust some moves, bust out some moves
dance: cut a rug, shake one's hips, headbang, do ballet, jig, line dance, slow dance, square dance
dance: belly dance, floss, disco, krump, bop, rock out, mosh, hula, do the robot, do the macarena
dance: do the twist, do the conga, do the limbo, do the worm, hit the dance floor
dance: strut one's stuff, dab, sway to the music, move to the music, move to the beat, hula hoop
dance: spin and twirl, get down on the dance floor, do the salsa, do the tango, do the waltz
dance: do hip hop, dance around, pop and lock, do the chicken dance, throw shapes, do zumba
dance: cha cha, do the cha cha, rumba, limbo, get down and boogie, swing one's hips, dance away
dance: shake it, shake a leg, shake one's booty, spin and dance, do the moonwalk dance, mambo
dance: samba, two step, charleston, do the charleston, do a jig, do the jig, do a waltz, do a tango
dance: do the samba, do the rumba, do the foxtrot, do the hokey pokey, do the hustle
dance: do the electric slide, do the floss, do the dab, do a line dance, do tap, do jazz
dance: do a routine, go dancing, cut loose, pogo, conga, trip the light fantastic, clog
dance: move one's hips, move one's body, kick up one's heels, ballroom dance, swing dance
dance: slam dance, step dance, whirl across the dance floor, glide across the dance floor
dance: sweep across the dance floor, pole dance, dance up a storm, pose and dance, lead the dance
dance: spin round the dance floor, jam out, rock to the music, nod to the music
dance: groove to the music, bounce to the beat, rock back and forth, sway side to side
dance: sway back and forth, do a pirouette, pirouette, do a twirl
cry: snivel, sniffle, whimper, bawl, burst into tears, break into tears, wail, shed tears, whine
cry: lament, blubber, shed a tear, tear up, well up, break down, break down in tears
cry: break down crying, dissolve into tears, cry one's eyes out, wipe away tears, wipe away a tear
cry: choke up, start crying, burst out crying, sob loudly, be in tears, fall into tears
cry: wipe one's tears, wipe one's eyes, let out a sob, moan, bury one's face in one's hands
cry: bury one's head in one's hands, dab one's eyes, dab at one's eyes, cry into, have a cry
cry: have a good cry, get teary, choke back tears, hold back tears, fight back tears
cry: be moved to tears, cover one's face, break out crying, break out in tears, collapse in tears
cry: collapse into tears, be heartbroken, sob into, cry on, start to cry, howl with grief
cry: howl in grief, wipe one's nose, blow one's nose, weep over, hide one's face, hide one's tears
cry: burst into sobs, break into sobs, let out a whimper, well up with tears
laugh: chortle, guffaw, cackle, snigger, snicker, burst into laughter, burst out laughing
laugh: start laughing, titter, howl with laughter, roar with laughter, double over laughing
laugh: laugh out loud, burst into giggles, snort, shake with laughter, hoot with laughter
laugh: erupt in laughter, double over with laughter, erupt into laughter, fall about laughing
laugh: have a laugh, share a laugh, explode with laughter, break into laughter
laugh: dissolve into giggles, scream with laughter, cry with laughter, crack up laughing
laugh: split one's sides, bend over laughing, roll around laughing
laugh: roll on the floor laughing, collapse laughing, collapse in laughter, collapse with laughter
laugh: cackle with glee, get the giggles, break into giggles, break out laughing
laugh: break out in laughter, shriek with laughter, hold one's belly, hold one's sides
laugh: slap one's knee, slap one's thigh, snort with laughter, burst into a giggle, giggle away
laugh: laugh away, laugh at, crease up, kill oneself laughing, dissolve into laughter
laugh: dissolve in laughter, jeer at, be in stitches, tee hee, chuckle to
handshake: congratulate, shake each other's hands, shake one's hand, shake on it, clasp hands
handshake: exchange handshakes, shake the hand, shake hands with, close the deal, seal the deal
handshake: make a deal, shake a hand, give one's hand a shake, grip hands, grasp hands, shake paws
handshake: close a deal, strike a deal, come to an agreement, grip each other's hands
handshake: clasp each other's hands, seal the deal with a handshake, offer a handshake
handshake: exchange a handshake
hug: kiss, comfort, give a hug, snuggle, wrap one's arms around, throw one's arms around, squeeze
hug: bear hug, fling one's arms around, put one's arms around, put one's arm around
hug: put an arm around, hold each other, fall into each other's arms, hold close, nuzzle
hug: hold tight, hold in one's arms, wrap an arm around, take in one's arms, take one in one's arms
hug: fall into one's arms, enfold, pull into an embrace, pull into a hug, draw into an embrace
hug: pull close, draw close, hug tightly, lock lips, share an embrace, smooch, make out
hug: kiss and make up, leap into one's arms, jump into one's arms, run into one's arms
hug: rush into one's arms, rush into each other's arms, run into each other's arms, hold one close
hug: hold one another, fling oneself into one's arms, throw oneself into one's arms, clasp, cradle
hug: rock the baby, rock her baby, cuddle up, nestle against, nestle up to, spoon each other
hug: canoodle, put their arms around each other, lean on each other, cling to each other
hug: cling to one another, hold on to each other, hug it out, embrace warmly, carry in one's arms
hug: peck on the cheek, give a kiss, give a peck
high_five: fist bump, give a high five, give five, bump fists, slap palms, low five
high_five: slap each other's hands, exchange high fives, give each other five
high_five: give each other high fives, slap five, hi five, slap one's palm, slap one's hand
high_five: slap hands, share a high five, give me five, clap hands with, bump one's fist, high ten
high_five: exchange fist bumps, touch fists, slap each other's palms, high fives all round
fight_stance: snowboard, surf, square off, face off, raise one's fists, put up one's fists
fight_stance: put up one's dukes, clench one's fists, get ready to fight, prepare to fight
fight_stance: prepare for battle, strike a fighting pose, put one's fists up
fight_stance: put one's hands up to fight, take a boxing stance, adopt a fighting stance
fight_stance: get into a fighting stance, assume a fighting stance, take a karate stance
fight_stance: take a defensive stance, take up a fighting stance, do tai chi, practice tai chi
fight_stance: practise tai chi, get into fighting position, raise one's guard, put up one's guard
fight_stance: windsurf, draw one's sword, draw a sword, assume a fighting pose, put one's guard up
fight_stance: take up a boxing stance, stand ready to fight, stand in a fighting stance
fight_stance: ready oneself for battle, ready oneself to fight, take a stance, take up one's stance
fight_stance: take up a stance, take up stances, take up their stances, take their stances
fight_stance: assume one's stance, assume a stance, adopt a stance, drop into a stance
fight_stance: fall into a stance, get into a stance, get into one's stance, get into position
fight_stance: go into a stance, sink into a stance, settle into a stance, hold a stance
fight_stance: step into a stance, take one's stance, strike a stance, prepare for combat
fight_stance: prepare to battle, brace for a fight, brace oneself, brace oneself for a fight
fight_stance: get ready for a fight, get ready for battle, get ready to box, get ready to spar
fight_stance: raise one's sword, unsheathe one's sword, hold up one's fists, ball one's fists
fight_stance: make fists, make a fist, put one's dukes up, come on guard, be on guard
fight_stance: strike a karate pose, strike a kung fu pose, strike a boxing pose
fight_stance: strike a martial arts pose, strike a battle pose, prepare to attack
fight_stance: get ready to attack, hold one's sword ready, circle each other, size each other up
bow: curtsey, bend over, bend down, bend, bend forward, lean over, stoop, bow down, bow one's head
bow: bow deeply, bend at the waist, lean forward, take bows, touch one's toes, take their bows
bow: take one's bow, kowtow, incline one's head, bow and scrape, lower one's head in respect
bow: make an obeisance, take a curtain call, doff one's hat, take one's curtain call, make a bow
bow: drop a curtsy, drop a curtsey, bob a curtsy, bend one's back, lean down, bend double
bow: hunch over, double over, bend low, tie one's shoe, tie one's shoelace, tie one's shoelaces
bow: tie one's shoes, tie one's laces, tip one's hat, tip one's cap
pick_up: dig, pick something up, gather up, scoop up, lift weights, deadlift, bench press, hoist
pick_up: pluck, harvest, snatch, steal, seize, grasp, loot, lift up, lift a weight, lift a barbell
pick_up: lift a box, pick flowers, pick apples, pull out, take out, unload, rescue, rob
pick_up: pick a flower, gather flowers, gather wood, collect shells, dig up, find and pick up
pick_up: pick up and carry, swipe, raise a barbell, lift dumbbells, do weightlifting, put down
pick_up: set down, drop off, gather firewood, unearth, gather shells, pocket, gather one's things
pick_up: gather one's belongings, gather berries, gather stones, gather mushrooms, heave, heft
pick_up: reap, dig out, excavate, nick, filch, help oneself, take hold, grab hold, get hold
pick_up: pick one's pocket, lift the lid, shovel, fetch water, collect firewood
pick_up: reach down and grab, take from, take off the shelf, take out one's, take down, grab onto
pick_up: get a book, get one's bag, pack, pack one's bag, pack one's bags, pick weeds, pull weeds
pick_up: weed, lift a crate, snag a cookie, hoist up, bend and lift, squat and lift, raise a weight
pick_up: kidnap, abduct, capture, handcuff
pick_up: retrieve from, scoop, pull up a, pull out a, pull out one's, draw a card, uproot
pick_up: hold aloft, pump iron, pickpocket
fall: explode, fall over, topple, topple over, crash, drop dead, pass out, keel over, crumple
fall: wipe out, lose one's balance, lose one's footing, plummet, hit the ground, hit the floor
fall: hit the deck, black out, swoon, drop to the ground, drop to the floor, fall to the ground
fall: fall to the floor, fall flat, perish, slump to the floor, fall off, fall out, roll down
fall: drown, slip and fall, trip and fall, trip over, stumble and fall, fall backwards
fall: fall backward, fall flat on one's face, faceplant, sink to the ground, sink to the floor
fall: go down hard, collapse to the ground, collapse on the ground, collapse onto the ground
fall: trip on, come crashing down, crumple to the ground, stumble over, slip on ice
fall: slump to the ground, tumble down, take a tumble, take a fall, take a spill, bite the dust
fall: plunge, land on one's bottom, land on one's behind, land on one's butt, land on one's back
fall: land on one's face, slip on, nosedive, lose one's grip and fall, go sprawling, fall sprawling
fall: go down, come a cropper, be knocked out, get knocked out, get knocked over, get knocked down
fall: throw oneself to the ground, throw oneself on the ground, fling oneself to the ground
fall: drop like a stone, lose consciousness, breathe one's last, fall dead, drop to the mat
fall: hit the mat, hit the canvas, go flying, land in a heap, take a nosedive, trip up
fall: stumble to the ground, slip over, go head over heels, fall overboard, go overboard, fall in
fall: fall into, sink, pitch forward, pitch over, get shot, get hit by, crash to the ground
fall: crash to the floor, crash down, flop to the ground, flop down on the ground
fall: slide down the wall, plunge to, come tumbling down, come down with a crash, crash into a
fall: succumb, expire, pass away, be shot, be killed, be slain, be tackled, conk out, buckle
fall: somersault down the stairs, capsize, overbalance, fall unconscious, land hard, skid
fall: land on the ground, go tumbling, trip
crouch: cower, squat down, duck down, take cover, hunker down, hunker, do a squat, hide behind
crouch: hide under, stoop down, do squats, squat low, play hide and seek, lie low, crouch low
crouch: get down low, hide oneself, go into hiding, do lunges, hunch down, huddle in a corner
crouch: conceal oneself, take shelter, bend one's knees, drop down low, seek cover, seek shelter
crouch: shelter, run for cover and hide, flatten oneself, get low, stay low, keep low
crouch: crouch in hiding, lie in wait, squat on one's haunches, sit on one's haunches
crouch: drop into a squat, drop into a crouch, go into a crouch, sink into a crouch
crouch: hide oneself behind, curl into a ball, curl oneself into a ball, cover one's head
crouch: crawl into a ball, make oneself small, duck behind, duck into, get under the table
crouch: scrunch down, lunge down, lurk behind, lurk in, do a lunge, do knee bends
crouch: do deep knee bends, huddle behind, stay hidden, keep hidden, be hidden, take one's marks
crouch: take one's mark, get set, get on one's marks, hug one's knees
cartwheel: do a handstand, do a handspring, turn cartwheels, turn a cartwheel, do a round off
cartwheel: do cartwheels, stand on one's hands, walk on one's hands
backflip: do a back handspring, do a front flip, turn a somersault, do a somersault, do a flip
backflip: flip over, back flip, front flip, do a barrel roll, flip backwards, roll
backflip: flip through the air, spin through the air, tumble through the air
backflip: somersault through the air, flip in the air, do a backward somersault
backflip: do a handspring flip, throw a backflip, bust a backflip, stick a backflip, flip forwards
backflip: flip forward, do acrobatics, do flips, do gymnastic flips
jumping_jacks: do aerobics, do yoga, practice yoga, practise yoga, do pilates, do calisthenics
jumping_jacks: do burpees, limber up, keep fit, do star jumps, do gymnastics, lift and stretch
jumping_jacks: train at the gym, do exercises, do some exercise, do a set of jumping jacks
jumping_jacks: do sets of jumping jacks, do a workout, do exercise, do a warm up, do warm ups
jumping_jacks: stretch out and warm up, stretch one's muscles, stretch one's arms, train
jumping_jacks: train hard, train for, get fit, practise gymnastics, practice gymnastics
jumping_jacks: do jumping exercises, get some exercise, do fitness, do crossfit, do cardio
jumping_jacks: do the splits, do side bends, do stretches, do morning exercises, loosen up
jumping_jacks: do a stretch, keep in shape, stay in shape
turn: turn back, whirl, whirl around, pivot, twist, swivel, revolve, swirl, wheel around
turn: about face, do a 360, turn to face, turn one's back, turn on one's heel, spin in circles
turn: spin in a circle, turn one's head, turn away, turn toward, turn towards, turn to, make a turn
turn: do a spin, spin round, turn round, turn left, turn right, face the other way
turn: do an about face, do a 180, do a u turn, make a u turn, change direction, look behind one
turn: spin on the spot, spin like a top, turn full circle, turn a full circle, turn on the spot
turn: turn one's back on, roll one's head, swing round, swing around, whip around, whip round
turn: face about, flip around, circle on the spot, spin on one's heel, turn and face
turn: swing one's head, face, face the camera, face the audience, turn the other way, veer around
turn: spin about
nod: accept, nod one's head, approve, consent, nod in agreement, give a nod, say yes, agree to
nod: bob one's head, nod off in agreement, give a thumbs up nod, consent to, give one's consent
nod: give one's approval, say okay, say ok, concur, nod and smile, acknowledge
nod: incline one's head in agreement
salute: give a salute, stand at salute, salute the flag, raise one's hand in salute
salute: touch one's cap, give a military salute, present arms, snap off a salute, snap a salute
salute: snap to a salute, throw a salute, throw up a salute, make a salute, return the salute
salute: offer a salute, render a salute, touch one's hat
walk: hit the road, hit the trail, take a hike, take to the road, take a turn around, run errands
walk: run an errand, do the shopping, walk on air, jump the queue, run late, patrol, do the rounds
walk: make one's rounds, head over, head for, head toward, head towards, come up, cross the road
idle: throw in the towel, give up, kick the habit, catch a cold, catch fire, run out of, run low
idle: fall silent, fall quiet, go quiet, go silent, stay silent, keep quiet, take five, take ten
idle: bite one's tongue, bite one's lip, hold one's tongue, hold one's horses, hit the brakes
idle: catch a bus, catch a train, catch a flight, catch the bus, catch the train
idle: swallow one's pride
idle: save, tie the knot, save the day, save up, save money, jump to conclusions, jump the gun
idle: run a bath
idle: hit the snooze button, hit snooze, break the bank, call it a day, drop the ball
idle: save the world
idle: fight a cold, fight the urge, fight sleep, run a business, run a company, break a sweat
idle: walk a tightrope of, throw shade, hit the wall, break the ice with nobody, catch the eye
talk: hit it off, break the ice, spill the beans, let the cat out of the bag, shoot the breeze
talk: beat around the bush, call someone out, chew the scenery, pull one's leg, say one's piece
talk: speak one's mind, get a word in, kick off the meeting, talk turkey
talk: pay a compliment
shout: throw a fit, blow one's top, lose one's temper, hit the roof, hit the ceiling
shout: fly off the handle
shout: see red, go ballistic, let off steam, raise hell, blow up at, jump down one's throat
shout: cry murder
cry: fall apart, fall to pieces, go to pieces, cry a river, turn on the waterworks
cry: hit rock bottom
laugh: crack up, crack a smile and laugh, laugh one's head off, die laughing, die of laughter
laugh: lose it
laugh: be rolling in the aisles, fall off one's chair laughing
celebrate: hit the jackpot, paint the town red, jump for joy and cheer, be over the moon
celebrate: be on cloud nine
celebrate: bring the house down, win the day, take the crown, take the title
dance: take to the floor, take to the dance floor, cut up the dance floor, hit the floor dancing
reading: hit the books, crack open a book, have a read, do the crossword
eating: grab dinner, have a nibble, drown one's sorrows in ice cream, bolt down, put away
eating: fill one's face
drinking: wet one's whistle, hit the bottle, drown one's sorrows, drink in one gulp
drinking: knock one back
lie_down: catch some z, saw logs, sleep like a log, sleep like a baby, be out like a light
lie_down: take to one's bed, hit the pillow, be fast asleep, be sound asleep, have forty winks
sit: kick back and relax, put one's feet up, take a pew, take the weight off one's feet
sit: catch the game on tv
jump: take the plunge, jump out of one's skin, jump a mile, do a jump, take a running jump
sprint: hit the ground running, run hell for leather, go like a rocket, put the pedal to the metal
run: hit the gas, go on the run, run the race, run a race, run a marathon, run laps, do a lap
run: do laps around
fall: kick the bucket, bite the big one, go belly up, go out cold, be out cold
fall: come crashing to earth
fight: be at each other's throats, be at loggerheads, come to blows with, mix it up, tangle with
fight: do combat
hug: fall into an embrace, be in each other's arms
turn: give the cold shoulder, turn tail and look, do a double take, turn a blind eye
throwing: toss aside, throw confetti, lob, heave a ball, throw up, pass it around
kneel: get down on bended knee, be on one knee, propose on one knee, propose marriage, propose
catching: make a diving save, pull off a save, pull off a great save, tip it over, parry the shot
catching: save the puck, save the kick, stop the puck, stop the penalty, glove the ball
pick_up makes=get_up: help to stand, help stand up, help stand, help to get up, help get up
pick_up makes=get_up: help back up, pull up to one's feet, pull back up, lend a hand up
pick_up makes=get_up: help onto one's feet
push makes=fall: knock off one's feet, sweep off one's feet with a kick, rugby tackle
nod: say aye, give the nod, give the go ahead
looking_around: drink in the view, catch sight of, get a glimpse, catch a glimpse, take a peek
looking_around: throw a glance, steal a glance, have a look, have a look around, scope out
looking_around: look out for
point: point the finger, point fingers, throw a pointed finger, point a finger
fight_stance: roll up one's sleeves to fight, get one's dukes up
whisper: breathe a word, let slip a secret, have a quiet word
clap: give it up for, bring one's hands together, give a big hand to
march direction=away: march off, march away
"""
"""A line: the action, the manner it implies, a colon, the verbs and phrases in base form."""
